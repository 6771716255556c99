import type { Baseline, Levels, OpenRise, TimedLevels } from '../facts/baseline.ts'
import { medianOf } from '../prepare/median.ts'
import { type Level, levelIn, mergeLevel } from './levels.ts'

/** What is normal for a function in a capture, in cores. */
export interface UsualLevel {
  readonly expected: number
  /** The standard deviation of captures. */
  readonly noise: number
  /** As much as it has had at this time of the day or the week, or repeatedly of late: no more is remarkable. */
  readonly highest: number
}

export interface Usual {
  readonly captureCount: number
  /** Those whose levels are known one by one, by time; the last is the capture before. */
  readonly captures: readonly TimedLevels[]
  /** The versions of captures before that one. */
  readonly versions: ReadonlySet<string>
  readonly open: readonly OpenRise[]
  /** In the capture before. */
  readonly previousOf: (key: number) => number
  readonly levelOf: (key: number) => UsualLevel
}

const HOUR_MS = 3600 * 1000
const DAY_MS = 24 * HOUR_MS
/** The hours with captures that are the recent ones; older than that they say nothing of the present. */
const RECENT_HOURS = 24
const RECENT_MS_MAX = 28 * DAY_MS
const CAPTURES_MIN = 10
/** An hour of fewer captures says nothing of how they differ. */
const SPREAD_CAPTURES_MIN = 3
const HOURS_MIN = 3
const MAD_SCALE = 1.4826
/** A sample of Go's profiler, in seconds. */
const SAMPLE_SECONDS = 0.01

/**
 * What is normal, from what was measured before: null where that is too little. `seconds`: how long a capture measures.
 */
export function usualOf(baseline: Baseline, seconds: number): Usual | null {
  const previous = baseline.captures.at(-1)
  if (previous === undefined) return null
  // The capture before may be the first of a new level.
  const hours = hoursOf({ ...baseline, captures: baseline.captures.slice(0, -1) })
  const recent = hours
    .filter(({ atMs }) => atMs > baseline.atMs - RECENT_MS_MAX)
    .slice(-RECENT_HOURS)
  const captureCount = countOf(recent)
  if (captureCount < CAPTURES_MIN) return null
  const seasons = seasonsOf(hours, baseline.atMs)
  const known = new Map<number, UsualLevel>()
  const levelOf = (key: number) => {
    const level = known.get(key) ?? usualLevel(key, { recent, seasons, captureCount, seconds })
    known.set(key, level)
    return level
  }
  return {
    captureCount,
    captures: baseline.captures,
    versions: new Set(hours.flatMap(({ versions }) => versions)),
    open: baseline.open,
    previousOf: (key) => levelIn(previous.levels, key).mean,
    levelOf,
  }
}

/** What was normal before the first of the rises that an earlier capture showed: null without one, or with too little before. */
export function usualBeforeRises(baseline: Baseline, seconds: number): Usual | null {
  const { open, captures, hours } = baseline
  if (open.length === 0) return null
  const firstMs = Math.min(...open.map(({ sinceMs }) => sinceMs))
  return usualOf(
    {
      ...baseline,
      captures: captures.filter(({ atMs }) => atMs < firstMs),
      hours: hours.filter(({ atMs }) => atMs + HOUR_MS <= firstMs),
    },
    seconds,
  )
}

interface Hour {
  readonly atMs: number
  readonly versions: readonly string[]
  readonly captureCount: number
  /** The levels of all its captures. */
  readonly parts: readonly Levels[]
}

function hoursOf({ captures, hours }: Pick<Baseline, 'captures' | 'hours'>): readonly Hour[] {
  const timed = [...hours, ...captures]
  return [...Map.groupBy(timed, ({ atMs }) => Math.floor(atMs / HOUR_MS) * HOUR_MS)]
    .map(([atMs, own]) => {
      const parts = own.map(({ levels }) => levels)
      const versions = own.flatMap(({ version }) => version ?? [])
      return { atMs, versions, captureCount: countOf(parts), parts }
    })
    .sort((a, b) => a.atMs - b.atMs)
}

function countOf(parts: readonly { readonly captureCount: number }[]): number {
  return parts.reduce((sum, { captureCount }) => sum + captureCount, 0)
}

/** The hours at about this time: of the days of a week, and of this day in earlier weeks. */
function seasonsOf(hours: readonly Hour[], atMs: number): readonly (readonly Hour[])[] {
  const days = [1, 2, 3, 4, 5, 6, 7].map((day) => day * DAY_MS)
  const weeks = [7, 14, 21, 28].map((day) => day * DAY_MS)
  return [days, weeks].map((spans) =>
    hours.filter((hour) =>
      spans.some((span) => Math.abs(hour.atMs + HOUR_MS / 2 - (atMs - span)) < 1.5 * HOUR_MS),
    ),
  )
}

interface Sources {
  readonly recent: readonly Hour[]
  readonly seasons: readonly (readonly Hour[])[]
  readonly captureCount: number
  readonly seconds: number
}

/**
 * Normal is the median of recent hours, or of this time on other days where that is more. The noise is that of captures
 * within an hour, of hours among each other, and what sampling alone makes: a few captures show less of it than there is.
 */
function usualLevel(key: number, { recent, seasons, captureCount, seconds }: Sources): UsualLevel {
  const levels = recent.map((hour) => ({ hour, ...levelOfHour(hour, key) }))
  const means = levels.map(({ mean }) => mean)
  const seasonal = seasons.map((hours) => hours.map((hour) => levelOfHour(hour, key)))
  const expected = Math.max(
    medianOf(means),
    ...seasonal.map((own) => medianOf(own.map(({ mean }) => mean))),
  )
  const spreads = levels.flatMap(({ hour, squares }) => {
    const { captureCount: count } = hour
    return count < SPREAD_CAPTURES_MIN ? [] : [Math.sqrt(squares / (count - 1))]
  })
  const middle = medianOf(means)
  const between = MAD_SCALE * medianOf(means.map((mean) => Math.abs(mean - middle)))
  const sampling = Math.sqrt(
    (Math.max(expected, SAMPLE_SECONDS / seconds) * SAMPLE_SECONDS) / seconds,
  )
  const noise = Math.max(Math.hypot(medianOf(spreads), between), sampling)
  // One hour may have been an incident; two are a habit.
  const often = levels.map(({ highest }) => highest).sort((a, b) => b - a)
  return {
    expected,
    noise: noise * (1 + HOURS_MIN / captureCount),
    highest: Math.max(
      levels.length < HOURS_MIN ? 0 : often[1],
      ...seasonal.flatMap((own) => own.map(({ highest }) => highest)),
      0,
    ),
  }
}

function levelOfHour({ parts }: Hour, key: number): Level {
  return parts.length === 1 ? levelIn(parts[0], key) : mergeLevel(parts, key)
}
