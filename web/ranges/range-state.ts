import { PROFILE_KINDS } from '../../api/profile-kinds.ts'
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
  /** The window that the range is compared with. */
  readonly before: TimeSpan | null
}

/** Unknown and invalid values become the default: all CPU profiles of the last day. */
export function readRange(params: SearchParams, nowMs: number): RangeState {
  const type = PROFILE_KINDS.find((known) => known === params['type']) ?? 'cpu'
  const hasTimes = ['last', 'from', 'to'].some((name) => params[name] !== undefined)
  const times = readTimes(hasTimes ? params : { last: USUAL_SPAN }, nowMs)
  const toMs = timeOf(times.to) ?? nowMs
  const usualMs = timeOf(readTimes({ last: USUAL_SPAN }, toMs).from) ?? toMs
  const [beforeMs, beforeToMs] = [timeOf(params['before']), timeOf(params['beforeTo'])]
  return {
    type,
    memory: memoryOf(type, params['memory']),
    selector: params['selector'] ?? '',
    by: params['by'] ?? '',
    fromMs: timeOf(times.from) ?? usualMs,
    toMs,
    before:
      beforeMs === null || beforeToMs === null ? null : { fromMs: beforeMs, toMs: beforeToMs },
  }
}

/** The range, or the window before it, as parameters of the API. */
export function rangeParams(range: RangeState, { fromMs, toMs }: TimeSpan = range): RangeParams {
  const { selector, type, by, memory } = range
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
export function stepSeconds(fromMs: number, toMs: number): number {
  const least = Math.max(STEP_SECONDS_MIN, Math.ceil((toMs - fromMs) / 1000 / POINTS_MAX))
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
