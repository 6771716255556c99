import type { CaptureSummary, FindingSummary } from '../../api/index.ts'
import { captureTimeMs } from '../captures/capture-time.ts'
import { formatSelector } from '../../api/ranges/selector.ts'
import type { TimeSpan } from '../charts/chart.ts'
import { stepSeconds } from '../ranges/range-state.ts'
import type { RangeParams } from '../requests/range-queries.ts'
import type { SearchParams } from '../view-state/search-params.ts'
import { readTimes } from '../view-state/time-params.ts'

/** What a timeline can show. */
export const TREND_NAMES = ['cpu', 'heap', 'goroutine', 'findings'] as const
const SAMPLE_TYPES = { cpu: 'cpu', heap: 'inuse_space', goroutine: 'goroutine' } as const

export const FUNCTIONS_MAX = 6
const FINDINGS_MAX = 8
const MARGIN_MS_MIN = 60_000
/** Of the span, on either side of the first and the last capture. */
const MARGIN_SHARE = 0.04

export function selectorOf(target: string): string {
  return formatSelector([{ name: 'target', operator: '=', value: target }])
}

/** The parameters of a series of the API. */
export function seriesParams(
  target: string,
  type: keyof typeof SAMPLE_TYPES,
  { fromMs, toMs }: TimeSpan,
): RangeParams {
  return {
    q: selectorOf(target),
    type,
    si: SAMPLE_TYPES[type],
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    step: String(stepSeconds(fromMs, toMs)),
  }
}

/** The span of an address; without times that of the captures, which are newest first. */
export function spanOf(
  params: SearchParams,
  captures: readonly CaptureSummary[],
  nowMs: number,
): TimeSpan {
  const { from, to } = readTimes(params, nowMs)
  const [newest, oldest] = [captures[0], captures.at(-1)]
  const firstMs = oldest === undefined ? nowMs : captureTimeMs(oldest)
  const lastMs = newest === undefined ? nowMs : captureTimeMs(newest)
  const marginMs = Math.max((lastMs - firstMs) * MARGIN_SHARE, MARGIN_MS_MIN)
  const usualToMs = from === undefined ? lastMs + marginMs : nowMs
  return {
    fromMs: from === undefined ? firstMs - marginMs : Date.parse(from),
    toMs: to === undefined ? usualToMs : Date.parse(to),
  }
}

/** The findings that get a line, by the names of their lines; those that are not resolved first. */
export function chartedFindings(
  findings: readonly FindingSummary[],
): readonly { readonly id: string; readonly label: string }[] {
  const { standing = [], resolved = [] } = Object.groupBy(findings, ({ state }) =>
    state === 'resolved' ? 'resolved' : 'standing',
  )
  const charted = [...standing, ...resolved].slice(0, FINDINGS_MAX)
  const instances = new Set(charted.map(({ instance }) => instance))
  return charted.map(({ id, title, group, instance }) => {
    const parts = [title, group, instances.size > 1 ? instance : null]
    return { id, label: parts.filter((part) => part !== null).join(' · ') }
  })
}
