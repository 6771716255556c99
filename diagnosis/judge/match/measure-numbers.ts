import type { MeasureNumber } from '../../rule/measure-names.ts'
import type { Sum, Tally } from '../prepare/tally.ts'
import { NO_TREND, type Trend } from './trend.ts'
import { wilsonBounds } from './wilson.ts'

/** All numbers of a measure; `null` for those that the profile does not have. */
export type MeasureNumbers = Readonly<Record<MeasureNumber, number | null>> & {
  readonly share: number
  readonly lo: number
  readonly hi: number
  readonly count: number
  readonly value: number
  readonly snapshots: number
  /** Of `value`. */
  readonly unit: string
}

/** What the matched `sum` amounts to in the profile, and beside the rule's first measure. */
export function measureNumbers(
  sum: Sum,
  first: Sum,
  tally: Tally,
  trend: Trend = NO_TREND,
): MeasureNumbers {
  const { total, reads, kind, durationNs } = tally
  const bounds = wilsonBounds({ count: sum.count, total: total.count })
  const share = total.value > 0 ? sum.value / total.value : 0
  const isInterval = kind === 'interval' && durationNs !== null
  return {
    share,
    of: first.value > 0 ? sum.value / first.value : 0,
    // Only CPU samples are draws out of many; goroutines, bytes and waits are counted, so their share is exact.
    lo: reads === 'cpu' ? bounds.low : share,
    hi: reads === 'cpu' ? bounds.high : share,
    samples: sum.count,
    count: sum.count,
    value: sum.value,
    cores: reads === 'cpu' && durationNs !== null ? sum.value / durationNs : null,
    rate: isInterval ? sum.value / durationNs : null,
    mean: sum.count > 0 ? sum.value / sum.count : 0,
    stacks: null,
    held: null,
    minutes: sum.minutes,
    within: null,
    hits: null,
    usual: null,
    risen: null,
    open: null,
    since: null,
    latestSince: null,
    ...trend,
    unit: tally.unit,
  }
}
