import type { Baseline, TimedLevels } from '../facts/baseline.ts'
import type { Subject } from '../prepare/subject.ts'
import type { Tally } from '../prepare/tally.ts'
import { levelsOf } from './levels.ts'

const NS_PER_MS = 1_000_000n

/** What the earlier captures that were given together with this one say of the process. */
export function baselineOfHistory(subject: Subject, { reads }: Tally): Baseline {
  const captures = subject.history.flatMap((past): TimedLevels[] => {
    const tally = past.tallies.get(reads)
    const levels = tally === undefined ? null : levelsOf(past, tally)
    return levels === null ? [] : [{ atMs: atMsOf(past), version: null, levels }]
  })
  return { atMs: atMsOf(subject), captures, hours: [], open: [] }
}

function atMsOf({ profile }: Subject): number {
  return Number(profile.timeNs / NS_PER_MS)
}
