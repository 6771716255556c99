import { PROFILE_KINDS } from '../../api/profiles/profile-kinds.ts'
import type { TimeSpan } from '../charts/chart.ts'
import type { RangeParams } from '../requests/range-queries.ts'
import type { SearchParams } from '../view-state/search-params.ts'
import { readTimes } from '../view-state/time-params.ts'

/** The parameters of the address that are of the range, beside those of the view. */
export const RANGE_PARAMS = [
  'selector',
  'type',
  'memory',
  'by',
  'last',
  'from',
  'to',
  'before',
  'beforeTo',
  'beforeQ',
]
export const USUAL_SPAN = '24h'

/** A range as the address has it. */
export interface RangeState {
  readonly type: string
  /** Which memory of a heap profile: what is in use, or what was allocated. */
  readonly memory: 'inuse' | 'alloc' | null
  readonly selector: string
  readonly by: string
  readonly fromMs: number
  readonly toMs: number
  /** What the range is compared with: another window, other labels, or both. */
  readonly before: ComparedRange | null
}

export interface ComparedRange extends TimeSpan {
  readonly selector: string
}

/** Unknown and invalid values become the default: all CPU profiles of the last day. */
export function readRange(params: SearchParams, nowMs: number): RangeState {
  const type = PROFILE_KINDS.find((known) => known === params['type']) ?? 'cpu'
  const hasTimes = ['last', 'from', 'to'].some((name) => params[name] !== undefined)
  const times = readTimes(hasTimes ? params : { last: USUAL_SPAN }, nowMs)
  const toMs = timeOf(times.to) ?? nowMs
  const usualMs = timeOf(readTimes({ last: USUAL_SPAN }, toMs).from) ?? toMs
  const fromMs = timeOf(times.from) ?? usualMs
  const selector = params['selector'] ?? ''
  return {
    type,
    memory: memoryOf(type, params['memory']),
    selector,
    by: params['by'] ?? '',
    fromMs,
    toMs,
    before: readBefore(params, { fromMs, toMs, selector }),
  }
}

/** The other labels are of the same time, unless the address has another. */
function readBefore(params: SearchParams, range: ComparedRange): ComparedRange | null {
  const [fromMs, toMs] = [timeOf(params['before']), timeOf(params['beforeTo'])]
  const selector = params['beforeQ']
  const span = fromMs === null || toMs === null ? null : { fromMs, toMs }
  if (span === null && selector === undefined) return null
  return { ...(span ?? range), selector: selector ?? range.selector }
}

/** The range, a window of it, or what it is compared with, as parameters of the API. */
export function rangeParams(
  range: RangeState,
  { fromMs, toMs, selector = range.selector }: TimeSpan & { readonly selector?: string } = range,
): RangeParams {
  const { type, by, memory } = range
  return {
    type,
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    ...(selector === '' ? {} : { q: selector }),
    ...(by === '' ? {} : { by }),
    ...(memory === null ? {} : { si: `${memory}_space` }),
  }
}

const STEP_SECONDS_MIN = 60
const POINTS_MAX = 120
/** Sums of so long are kept: steps of several whole ones are read from these rather than from profiles. */
const KEPT_SECONDS = [3600, 300]

/** The distance of the points of a line, in seconds: no more points than a screen shows apart. */
export function stepSeconds(fromMs: number, toMs: number, pointsMax = POINTS_MAX): number {
  const least = Math.max(STEP_SECONDS_MIN, Math.ceil((toMs - fromMs) / 1000 / pointsMax))
  const kept = KEPT_SECONDS.find((seconds) => seconds <= least) ?? 1
  return Math.ceil(least / kept) * kept
}

function memoryOf(type: string, memory: string | undefined): RangeState['memory'] {
  if (type !== 'heap' && type !== 'allocs') return null
  if (memory === 'inuse' || memory === 'alloc') return memory
  return type === 'heap' ? 'inuse' : 'alloc'
}

function timeOf(time: string | undefined): number | null {
  const timeMs = Date.parse(time ?? '')
  return Number.isNaN(timeMs) ? null : timeMs
}
