import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { FindingSummary, ProcessSummary } from '../../api/index.ts'
import { TimeAgo } from '../format/TimeAgo.tsx'
import { useTexts } from '../texts/texts-context.ts'
import { LevelMark } from '../ui/LevelMark.tsx'
import { ServerMessage, ServerText } from '../untrusted/ServerMessage.tsx'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { CaptureNowDialog } from './CaptureNowDialog.tsx'
import classes from './ProcessRow.module.css'
import rows from '../lists/Rows.module.css'

interface ProcessRowProps {
  readonly process: ProcessSummary
  /** Open. */
  readonly worst: FindingSummary | null
  /** False where the button of the target captures the same. */
  readonly canCapture: boolean
}

const GLYPHS = { unknown: '○', ok: '●', troubled: '◆', failing: '▲', gone: '–' } as const

/** One process: its state, last capture, next capture and trouble. */
export function ProcessRow({ process, worst, canCapture }: ProcessRowProps) {
  const texts = useTexts()
  const [isCapturing, setIsCapturing] = useState(false)
  const { state, instance, error, note, lastCapture, nextRun } = process
  return (
    <li className={classes['row']}>
      <span className={classes['state']} data-state={state}>
        <span aria-hidden="true">{GLYPHS[state]}</span>{' '}
        {process.isCapturing ? texts.processCapturing : texts.processStates[state]}
      </span>
      <span className={classes['name']}>
        <UntrustedText text={instance ?? process.key} />
        <span className={classes['via']}>{process.via}</span>
      </span>
      <span className={classes['times']}>
        <span>
          {lastCapture === null ? (
            texts.noCaptureYet
          ) : (
            <>
              {texts.lastCapture}{' '}
              <Link to="/captures/$id" params={{ id: lastCapture.id }}>
                <TimeAgo time={lastCapture.at} key={lastCapture.id} />
              </Link>
            </>
          )}
        </span>
        {nextRun !== null && (
          <span>
            {texts.nextRun} <TimeAgo time={nextRun.at} key={nextRun.at} />
          </span>
        )}
      </span>
      {canCapture && (
        <Button size="compact-xs" variant="default" onClick={() => setIsCapturing(true)}>
          {texts.captureNow}
        </Button>
      )}
      {worst !== null && (
        <p className={`${rows['note']} ${classes['finding']}`}>
          <LevelMark level={worst.level} />{' '}
          <Link to="/targets/$name" params={{ name: process.target }}>
            <UntrustedText text={worst.title} />
          </Link>
        </p>
      )}
      {error !== null && (
        <p className={rows['error']}>
          <ServerMessage error={error} /> <TimeAgo time={error.at} key={error.at} />
        </p>
      )}
      {note !== null && (
        <p className={rows['note']}>
          <ServerText text={note} />
        </p>
      )}
      {isCapturing && (
        <CaptureNowDialog
          target={process.target}
          instance={instance}
          onClose={() => setIsCapturing(false)}
        />
      )}
    </li>
  )
}
