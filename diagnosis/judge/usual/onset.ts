import { medianOf } from '../prepare/median.ts'

/** What a function needed in a capture. */
export interface TimedCores {
  readonly atMs: number
  readonly cores: number
}

/** Above a normal level of cores, by what the last two captures show. */
export interface Rise {
  readonly normal: number
  /** The standard deviation of captures at the normal level. */
  readonly noise: number
  readonly risen: number
}

export interface Onset {
  /** The first capture that has it; where that is not known but for one capture, the earliest that may be it. */
  readonly sinceMs: number
  /** The latest that may be the first; left out where the first is known. */
  readonly latestSinceMs?: number
  /** The median of the captures that are high since then, in cores. */
  readonly level: number
}

/** A capture is high that is as many deviations above normal, and as much of the rise. */
const HIGH_Z = 2
const HIGH_SHARE = 1 / 8
/** How sure it is that captures are low before and high after, in captures: as if so many had been, and a fifth of one had not. */
const EXPECTED_COUNT = 3
const OTHER_COUNT = 0.2
/** How likely captures between must be as captures of one rise, beside that it ended and rose again: it seldom does. */
const GAP_LIKELIHOOD_MIN = 0.004
/** Beyond either end of the captures that may be the first. */
const TAIL = 0.025

/**
 * When a rise began that the last of `earlier` and the present capture show. Each capture is high or low: seldom high before
 * it, mostly after it, and how often exactly the captures themselves show. That gives each capture a probability to be the
 * first (one change point between two beta-binomial laws; A. F. M. Smith, Biometrika 62, 1975). So neither an outlier nor
 * two captures that are high by chance date a rise, and where samples are too few to date it the span is given.
 */
export function onsetOf(earlier: readonly TimedCores[], current: number, rise: Rise): Onset {
  const levels = [...earlier.map(({ cores }) => cores), current]
  const isHigh = areHigh(levels, rise)
  const before = logLikelihoods(isHigh.map((each) => !each))
  const after = logLikelihoods(isHigh.toReversed()).toReversed()
  const logs = earlier.map((_, first) => before[first] + after[first])
  const most = Math.max(...logs)
  const weights = logs.map((log) => Math.exp(log - most))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const first = weights.indexOf(1)
  const earliest = firstBeyond(weights, TAIL * total)
  const latest = weights.length - 1 - firstBeyond(weights.toReversed(), TAIL * total)
  const isKnown = latest - earliest <= 1
  return {
    level: highLevel(levels.slice(first), rise),
    ...(isKnown
      ? { sinceMs: earlier[first].atMs }
      : { sinceMs: earlier[earliest].atMs, latestSinceMs: earlier[latest].atMs }),
  }
}

/**
 * Whether a rise that ended is the same one that is back, so that `captures`, from its first one on, were low between by
 * chance, as now and then those of a rise of few samples are.
 */
export function isOneRise(
  captures: readonly TimedCores[],
  { endedAtMs, backAtMs }: { readonly endedAtMs: number; readonly backAtMs: number },
  rise: Rise,
): boolean {
  const isHigh = areHigh(
    captures.map(({ cores }) => cores),
    rise,
  )
  const back = captures.findIndex(({ atMs }) => atMs === backAtMs)
  const end = captures.findLastIndex(({ atMs }, index) => atMs <= endedAtMs && isHigh[index]) + 1
  // Else not all that was between is known.
  if (end === 0) return false
  const gap = isHigh.slice(end, back).map((each) => !each)
  const whenTwo = logLikelihoodOf(isHigh.toSpliced(end, back - end)) + logLikelihoodOf(gap)
  return logLikelihoodOf(isHigh) - whenTwo >= Math.log(GAP_LIKELIHOOD_MIN)
}

/** The median of those that are high. */
export function highLevel(levels: readonly number[], rise: Rise): number {
  const isHigh = areHigh(levels, rise)
  return medianOf(levels.filter((_, index) => isHigh[index]))
}

function areHigh(levels: readonly number[], { normal, noise, risen }: Rise): readonly boolean[] {
  const high = normal + Math.max(HIGH_Z * noise, HIGH_SHARE * risen)
  return levels.map((cores) => cores >= high)
}

function logLikelihoodOf(areExpected: readonly boolean[]): number {
  return logLikelihoods(areExpected).at(-1) ?? 0
}

/** Of the first 0, 1, 2 ... captures, where each either is as expected or is not. */
function logLikelihoods(areExpected: readonly boolean[]): readonly number[] {
  const counts = { expected: EXPECTED_COUNT, other: OTHER_COUNT }
  const logs = [0]
  for (const [index, isExpected] of areExpected.entries()) {
    const kind = isExpected ? 'expected' : 'other'
    logs.push(logs[index] + Math.log(counts[kind] / (counts.expected + counts.other)))
    counts[kind]++
  }
  return logs
}

/** The first index up to which the sum is greater than `part`. */
function firstBeyond(weights: readonly number[], part: number): number {
  let sum = 0
  return weights.findIndex((weight) => (sum += weight) > part)
}
