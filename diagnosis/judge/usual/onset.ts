import type { TimedLevels } from '../facts/baseline.ts'
import { levelIn } from './levels.ts'

/** From one level of cores to another. */
interface Rise {
  readonly usual: number
  readonly risen: number
}

/**
 * The time of the first capture of a rise that the last of `captures` shows: from there on most of them are nearer to the
 * new level than to the usual one. That is where the sum of what lies between them and the middle of both, taken from the
 * last one back, is largest (E. S. Page, Continuous Inspection Schemes, 1954). A capture above the new level counts as one
 * of that level, so that one outlier does not make up for many that are low.
 */
export function onsetMs(
  captures: readonly TimedLevels[],
  key: number,
  { usual, risen }: Rise,
): number {
  let best = { sum: Number.NEGATIVE_INFINITY, atMs: Number.NaN }
  let sum = 0
  for (const { atMs, levels } of captures.toReversed()) {
    sum += Math.min(levelIn(levels, key).mean - usual, risen) - risen / 2
    if (sum > best.sum) best = { sum, atMs }
  }
  return best.atMs
}
