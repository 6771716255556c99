import { ServerError } from '../requests/call-server.ts'
import { useTexts } from '../texts/texts-context.ts'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import classes from './RangePage.module.css'

/** Why a range cannot be shown. One without profiles is no fault. */
export function RangeFailure({ error }: { readonly error: Error }) {
  const texts = useTexts()
  const code = error instanceof ServerError ? error.code : ''
  if (code !== 'RANGE_EMPTY') {
    return (
      <>
        <RequestFailure title={texts.rangeFailed} error={error} />
        {code === 'VIEW_INVALID' && <p className="muted">{texts.rangeMixedLead}</p>}
      </>
    )
  }
  return (
    <div className={`card ${classes['empty']}`} role="status">
      <p>
        <strong>{texts.rangeEmptyTitle}</strong>
      </p>
      <p className="muted">{texts.rangeEmptyLead}</p>
    </div>
  )
}
