import { type Block, type BlockMember, compareEntries } from './block.ts'
import { encodeSparse } from './sparse-column.ts'
import { sortedValues } from './sorted-values.ts'
import { magnitudeOf } from './totals.ts'
import type { ValueColumn } from '../types.ts'

export interface WholeBlock extends Omit<Block, 'members'> {
  readonly columns: readonly MemberColumn[]
}

export interface MemberColumn {
  /** Its own column is not read. */
  readonly member: BlockMember
  /** Rows of the tables in any order, and for each sample type their values; those of equal rows are added up. */
  readonly rows: Uint32Array
  readonly values: readonly ValueColumn[]
}

/** A block of single profiles whose values come from elsewhere. */
export function wholeBlock({ columns, ...block }: WholeBlock): Block {
  const members = columns.map(({ member, rows, values }) => {
    const sparse = sortedValues({ count: rows.length, rows, values })
    return { ...member, magnitudes: sparse.values.map(magnitudeOf), column: encodeSparse(sparse) }
  })
  return { ...block, members: members.toSorted(compareEntries) }
}
