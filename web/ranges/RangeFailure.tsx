import { Link, useSearch } from '@tanstack/react-router'
import { ServerError } from '../requests/call-server.ts'
import { useTexts } from '../texts/texts-context.ts'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import type { SearchParams } from '../view-state/search-params.ts'
import classes from './RangePage.module.css'

interface RangeFailureProps {
  readonly error: Error
  readonly onRetry: () => void
}

/** Why a range cannot be shown. One without profiles is no fault. */
export function RangeFailure({ error, onRetry }: RangeFailureProps) {
  const texts = useTexts()
  const code = error instanceof ServerError ? error.code : ''
  if (code !== 'RANGE_EMPTY') {
    return (
      <>
        <RequestFailure title={texts.rangeFailed} error={error} onRetry={onRetry} />
        {code === 'VIEW_INVALID' && <p className="muted">{texts.rangeMixedLead}</p>}
      </>
    )
  }
  return <RangeEmpty />
}

/** What is shown of a range without profiles. */
export function RangeEmpty() {
  const texts = useTexts()
  return (
    <div className={`card ${classes['empty']}`} role="status">
      <p>
        <strong>{texts.rangeEmptyTitle}</strong>
      </p>
      <p className="muted">{texts.rangeEmptyLead}</p>
      <LongerTime />
    </div>
  )
}

const LONGEST_SPAN = '30d'

function LongerTime() {
  const texts = useTexts()
  const params: SearchParams = useSearch({ from: '/ranges' })
  const { last, from: _, to: __, before: ___, beforeTo: ____, ...others } = params
  if (last === LONGEST_SPAN) return null
  return (
    <Link to="/ranges" search={{ ...others, last: LONGEST_SPAN }}>
      {texts.rangeEmptyLonger}
    </Link>
  )
}
