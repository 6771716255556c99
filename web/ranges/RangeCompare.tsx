import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ComparePanel } from '../compare/ComparePanel.tsx'
import { formatTime } from '../format/format-time.ts'
import { rangeApiPath } from '../paths.ts'
import { rangeSummaryQuery } from '../requests/range-queries.ts'
import { useTexts } from '../texts/texts-context.ts'
import { useTimeZone } from '../texts/time-zone-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { useViewClient } from '../view-parts/use-view-client.ts'
import { RangeFindings } from './RangeFindings.tsx'
import { RangeFailure } from './RangeFailure.tsx'
import classes from './RangePage.module.css'
import { type ComparedRange, rangeParams, type RangeState } from './range-state.ts'
import { useRangeRates } from './use-range-rates.ts'

interface RangeCompareProps {
  readonly range: RangeState
  readonly before: ComparedRange
}

/** What changed from one window of the range to the other, or is different with other labels: in a sentence, as a flame graph, by function. */
export function RangeCompare({ range, before }: RangeCompareProps) {
  const texts = useTexts()
  const { zone } = useTimeZone()
  const { client, error, retry } = useViewClient(
    rangeApiPath('columns', rangeParams(range)),
    rangeApiPath('columns', rangeParams(range, before)),
  )
  const rates = useRangeRates(range)
  const timeOf = (timeMs: number) => formatTime(new Date(timeMs).toISOString(), zone)
  const { data: summary } = useQuery(rangeSummaryQuery(rangeParams(range)))
  const isOther = before.selector !== range.selector
  const processCount = summary?.range.processCount ?? 1
  if (error !== null) return <RangeFailure error={error} onRetry={retry} />
  if (client === null) return <Skeleton height={420} radius="md" />
  return (
    <ComparePanel client={client} rates={rates}>
      <p className={`numbers ${classes['windows']}`}>
        <span>
          <span className={classes['window']} data-kind="before" aria-hidden="true" />
          {texts.compareBefore} {timeOf(before.fromMs)} – {timeOf(before.toMs)}
          {isOther && <UntrustedText text={` ${before.selector}`} />}
        </span>
        <span>
          <span className={classes['window']} data-kind="after" aria-hidden="true" />
          {texts.compareAfter} {timeOf(range.fromMs)} – {timeOf(range.toMs)}
          {isOther && <UntrustedText text={` ${range.selector}`} />}
        </span>
        {processCount > 1 && <span>{texts.rangePerProcess(processCount)}</span>}
      </p>
      {!isOther && <RangeFindings selector={range.selector} before={before} after={range} />}
    </ComparePanel>
  )
}
