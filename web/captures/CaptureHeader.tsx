import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { CaptureSummary } from '../../api/index.ts'
import { formatTime } from '../format/format-time.ts'
import { captureQuery } from '../requests/capture-queries.ts'
import { PageHeader } from '../ui/PageHeader.tsx'
import { useTimeZone } from '../texts/time-zone-context.ts'
import { useTexts } from '../texts/texts-context.ts'
import { ServerMessage } from '../untrusted/ServerMessage.tsx'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { captureFacts } from './capture-facts.ts'
import { captureTitle } from './capture-title.ts'
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
  const { component, status, error, note, previousCaptureId } = capture
  const title = captureTitle(capture, texts)
  const previous = useQuery({
    ...captureQuery(previousCaptureId ?? ''),
    enabled: previousCaptureId !== null,
  }).data
  return (
    <div>
      <PageHeader
        title={title}
        kind={component === title ? null : component}
        facts={captureFacts(capture, texts, zone)}
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
          <UntrustedText text={note} />
        </p>
      )}
      {previousCaptureId !== null && (
        <p className={classes['previous']}>
          <Link to="/captures/$id" params={{ id: previousCaptureId }}>
            {texts.capturePrevious}
          </Link>
          {previous !== undefined && (
            <span className="muted numbers">
              {' '}
              {formatTime(previous.startedAt ?? previous.createdAt, zone)}
            </span>
          )}
          {' · '}
          <Link to="/compare" search={{ a: previousCaptureId, b: capture.id, of: 'captures' }}>
            {texts.compareBoth}
          </Link>
        </p>
      )}
    </div>
  )
}
