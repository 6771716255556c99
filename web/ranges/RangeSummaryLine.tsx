import { useQuery } from '@tanstack/react-query'
import { formatCount, formatDurationNs, formatValue } from '../../profile/index.ts'
import { rangeSummaryQuery } from '../requests/range-queries.ts'
import { useTexts } from '../texts/texts-context.ts'
import classes from './RangePage.module.css'
import { rangeParams, type RangeState } from './range-state.ts'

/** What the range was found to be, and how its values were combined. */
export function RangeSummaryLine({ range }: { readonly range: RangeState }) {
  const texts = useTexts()
  const { data } = useQuery(rangeSummaryQuery(rangeParams(range)))
  if (data === undefined) return null
  const { profileCount, processCount, restartCount, durationSeconds, aggregation } = data.range
  const { staleCount } = data.range
  const facts = [
    texts.rangeProfiles(formatCount(profileCount), profileCount),
    texts.rangeProcesses(formatCount(processCount), processCount),
    durationSeconds === null ? null : formatDurationNs(durationSeconds * 1e9),
    `${data.sampleType.type} ${formatValue(data.total, data.sampleType.unit)}`,
    restartCount === 0 ? null : texts.rangeRestarts(restartCount),
    texts.rangeAggregations[aggregation],
  ]
  return (
    <>
      <ul className={`numbers ${classes['facts']}`}>
        {facts
          .filter((fact) => fact !== null)
          .map((fact) => (
            <li key={fact}>{fact}</li>
          ))}
      </ul>
      {staleCount > 0 && (
        <p className={classes['stale']} role="status">
          {texts.rangeStale(formatCount(staleCount), staleCount)}
        </p>
      )}
    </>
  )
}
