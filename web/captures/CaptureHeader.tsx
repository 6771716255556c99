import type { ReactNode } from 'react'
import type { CaptureSummary } from '../../api/index.ts'
import { PageHeader } from '../ui/PageHeader.tsx'
import { useTimeZone } from '../texts/time-zone-context.ts'
import { useTexts } from '../texts/texts-context.ts'
import { ServerMessage, ServerText } from '../untrusted/ServerMessage.tsx'
import { captureFacts } from './capture-facts.ts'
import { captureKind, captureName } from '../format/capture-title.ts'
import classes from './CaptureHeader.module.css'

interface CaptureHeaderProps {
  readonly capture: CaptureSummary
  /** What can be done with it. */
  readonly children?: ReactNode
}

/** The process, time, origin and status of a capture. */
export function CaptureHeader({ capture, children }: CaptureHeaderProps) {
  const texts = useTexts()
  const { zone } = useTimeZone()
  const { status, error, note } = capture
  return (
    <div className={classes['header']}>
      <PageHeader
        title={captureName(capture, texts)}
        kind={captureKind(capture, texts, zone)}
        facts={captureFacts(capture, texts)}
      >
        {children}
      </PageHeader>
      {(status === 'failed' || status === 'partial' || status === 'cancelled') && (
        <p className={classes['trouble']} data-status={status} role="alert">
          <strong>{texts.captureStatus[status]}</strong>
          {error !== null && (
            <>
              {' '}
              <ServerMessage error={error} />
            </>
          )}
        </p>
      )}
      {note !== null && (
        <p className="muted">
          <ServerText text={note} />
        </p>
      )}
    </div>
  )
}
