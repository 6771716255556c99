import type { UsualCores } from '../../../api/index.ts'
import type { OpenRise, TimedLevels } from '../facts/baseline.ts'
import { keyOfFunction, levelIn } from '../usual/levels.ts'
import {
  highLevel,
  isOneRise,
  type Onset,
  onsetOf,
  type Rise,
  type TimedCores,
} from '../usual/onset.ts'

/** What this capture and the one before show of a function. */
export interface ShownRise extends Rise {
  readonly name: string
  /** In this capture. */
  readonly cores: number
}

export interface DatedRise {
  readonly since: Pick<UsualCores, 'sinceMs' | 'latestSinceMs'>
  /** Above normal in most captures that have it, at most as in the last two: those may be high by chance. */
  readonly risen: number
}

/** When a function rose that no earlier capture has shown. */
export function datedRise(rise: ShownRise, captures: readonly TimedLevels[]): DatedRise {
  return datedBy(onsetOf(coresOf(rise.name, captures), rise.cores, rise), rise)
}

/** When one rose that was over: as it was dated where it may have been low by chance in between, else anew. */
export function datedReturn(
  rise: ShownRise,
  { sinceMs, latestSinceMs, endedAtMs }: OpenRise & { readonly endedAtMs: number },
  captures: readonly TimedLevels[],
): DatedRise {
  const all = coresOf(rise.name, captures)
  const later = all.filter(({ atMs }) => atMs > endedAtMs)
  const anew = onsetOf(later.length === 0 ? all.slice(-1) : later, rise.cores, rise)
  const own = all.filter(({ atMs }) => atMs >= sinceMs)
  const gap = { endedAtMs, backAtMs: anew.sinceMs }
  if (!isOneRise(own, gap, rise)) return datedBy(anew, rise)
  const level = highLevel([...own.map(({ cores }) => cores), rise.cores], rise)
  const before = latestSinceMs === undefined ? { sinceMs } : { sinceMs, latestSinceMs }
  return datedBy({ ...before, level }, rise)
}

function coresOf(name: string, captures: readonly TimedLevels[]): readonly TimedCores[] {
  const key = keyOfFunction(name)
  return captures.map(({ atMs, levels }) => ({ atMs, cores: levelIn(levels, key).mean }))
}

function datedBy({ level, ...since }: Onset, { risen, normal }: ShownRise): DatedRise {
  return { since, risen: Math.min(risen, level - normal) }
}
