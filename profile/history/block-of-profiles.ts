import {
  type Block,
  type BlockHeader,
  type BlockMember,
  compareEntries,
  type ProfileEntry,
  shapeKey,
  shapeOf,
} from './block.ts'
import { gather, markedRows } from '../columns/gather.ts'
import { HeaderList } from './header-list.ts'
import { samplesInUse } from '../combine/sample-merger.ts'
import { encodeSparse, type SparseValues } from './sparse-column.ts'
import { sortedValues } from './sorted-values.ts'
import { magnitudeOf, totalOf } from './totals.ts'
import type { Profile } from '../types.ts'
import type { UnreadProfile } from '../codec/columns-codec.ts'
import { RowMerger } from './unify-rows.ts'

export interface EnteredProfile {
  readonly entry: ProfileEntry
  readonly profile: Profile | UnreadProfile
}

/**
 * A block of profiles of one shape: equal samples as one, without those of no value. Each column holds all of its
 * profile; `mergeBlocks` turns those of one process into changes.
 */
export function blockOfProfiles(entered: readonly EnteredProfile[]): Block {
  const [first] = entered
  const shape = shapeOf(first.profile)
  const key = shapeKey(shape)
  const merger = new RowMerger()
  const headers = new HeaderList()
  const members = entered.map(({ entry, profile }): BlockMember => {
    if (shapeKey(shapeOf(profile)) !== key) throw new RangeError('profiles of several shapes')
    return {
      ...entry,
      ...columnOf(valuesOf(merger, profile)),
      header: headers.rowOf(headerOf(profile)),
      timeNs: profile.timeNs,
      durationNs: profile.durationNs,
    }
  })
  const tables = merger.finish()
  return { shape, tables, headers: headers.list, members: members.toSorted(compareEntries) }
}

/** The values by row of the block, without rows in which all are 0. */
function valuesOf(merger: RowMerger, profile: EnteredProfile['profile']): SparseValues {
  const { samples } = profile
  const isUsed = samplesInUse(samples)
  const rowOf = merger.add(profile, isUsed)
  const used = markedRows(isUsed)
  const rows = new Uint32Array(used.length)
  for (let index = 0; index < rows.length; index++) rows[index] = rowOf[used[index]]
  const values = samples.values.map((column) => gather(column, used))
  return sortedValues({ count: used.length, rows, values })
}

function columnOf(sparse: SparseValues) {
  return {
    rolled: null,
    isDelta: false,
    hasRestarted: false,
    totals: sparse.values.map(totalOf),
    magnitudes: sparse.values.map(magnitudeOf),
    column: encodeSparse(sparse),
  }
}

function headerOf(profile: EnteredProfile['profile']): BlockHeader {
  const { defaultSampleType, period, comments, docUrl, dropFrames, keepFrames, warnings } = profile
  return { defaultSampleType, period, comments, docUrl, dropFrames, keepFrames, warnings }
}
