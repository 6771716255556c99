import type { CaptureSummary } from '../../api/index.ts'
import { isBeingTaken } from '../requests/capture-queries.ts'
import { WorstFinding } from '../lists/WorstFinding.tsx'
import { useTexts } from '../texts/texts-context.ts'
import { ServerMessage } from '../untrusted/ServerMessage.tsx'
import classes from './CaptureVerdict.module.css'

/** The worst finding of a capture, or why there is no verdict yet. */
export function CaptureVerdict({ capture }: { readonly capture: CaptureSummary }) {
  const texts = useTexts()
  const { status, error, reportStatus } = capture
  const isTaken = status === 'complete' || status === 'partial'
  const isFaulty = status !== 'complete' && !isBeingTaken(capture)
  return (
    <>
      {isBeingTaken(capture) && (
        <span className={classes['waiting']}>{texts.captureStatus[status]}…</span>
      )}
      {(isFaulty || error !== null) && (
        <span className={classes['state']}>
          {isFaulty && <span className={classes['refused']}>{texts.captureStatus[status]}</span>}
          {error !== null && (
            <span className="muted">
              <ServerMessage error={error} />
            </span>
          )}
        </span>
      )}
      {isTaken && reportStatus === 'waiting' && (
        <span className={classes['waiting']}>{texts.profileStatus.analysing}…</span>
      )}
      {isTaken && reportStatus === 'ready' && (
        <WorstFinding finding={capture.worstFinding} findingCount={capture.findingCount} />
      )}
    </>
  )
}
