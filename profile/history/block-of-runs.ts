import {
  type Block,
  type BlockHeader,
  type BlockMember,
  type BlockShape,
  compareEntries,
  lastMsOf,
} from './block.ts'
import { HeaderList } from './header-list.ts'
import { headerOf, totalsOf } from './roll-up.ts'
import { encodeSparse } from './sparse-column.ts'
import { magnitudeOf } from './totals.ts'
import type { Profile, ValueColumn } from '../types.ts'

/** Profiles of one process and one set of labels that follow each other, summed elsewhere. */
export interface SummedRun {
  /** At least one, in order of time. Their columns are not read. */
  readonly members: readonly BlockMember[]
  /** Rows of the tables, rising, and their sums: a column for each sample type, of cumulative ones the growth. */
  readonly rows: Uint32Array
  readonly sums: readonly ValueColumn[]
  /** Of each cumulative type: the values in the first profile, and what the last has beyond these and the growth. */
  readonly firsts: readonly ValueColumn[]
  readonly rests: readonly ValueColumn[]
  readonly restartCount: number
  /** The time in which cumulative values grew from the first profile to the last. */
  readonly grownMs: number
}

export interface SummedRuns {
  readonly shape: BlockShape
  readonly headers: readonly BlockHeader[]
  readonly tables: Profile
  readonly runs: readonly SummedRun[]
}

/** A block that has one rolled-up member for each run. */
export function blockOfRuns({ shape, headers, tables, runs }: SummedRuns): Block {
  const list = new HeaderList()
  const members = runs.map((run): BlockMember => {
    const { members: own, rows, sums, firsts, rests, restartCount, grownMs } = run
    const { header, timeNs, durationNs } = headerOf({ shape, headers }, own)
    const [first] = own
    const values = [...sums, ...firsts, ...rests]
    return {
      ...first,
      header: list.rowOf(header),
      timeNs,
      durationNs,
      rolled: {
        lastMs: own.reduce((last, member) => Math.max(last, lastMsOf(member)), first.atMs),
        profileCount: own.length,
        restartCount,
        grownMs,
      },
      totals: totalsOf(shape, own, sums),
      magnitudes: values.map(magnitudeOf),
      column: encodeSparse({ rows, values }),
    }
  })
  return { shape, tables, headers: list.list, members: members.toSorted(compareEntries) }
}
