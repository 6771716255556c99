import { type Block, type BlockMember, compareEntries } from './block.ts'
import { encodeSparse } from './sparse-column.ts'
import { sortedValues } from './sorted-values.ts'
import { magnitudeOf } from './totals.ts'
import { valueColumnOf } from '../columns/value-column.ts'

export interface WholeBlock extends Omit<Block, 'members'> {
  readonly columns: readonly MemberColumn[]
}

export interface MemberColumn {
  /** Its own column is not read. */
  readonly member: BlockMember
  /** Rows of the tables in any order, and for each sample type their values. */
  readonly rows: Uint32Array
  readonly values: readonly (readonly bigint[])[]
}

/** A block of single profiles whose values come from elsewhere. */
export function wholeBlock({ columns, ...block }: WholeBlock): Block {
  const members = columns.map(({ member, rows, values }) => {
    const sparse = sortedValues({
      count: rows.length,
      rows,
      values: values.map((column) => valueColumnOf([...column])),
    })
    return { ...member, magnitudes: sparse.values.map(magnitudeOf), column: encodeSparse(sparse) }
  })
  return { ...block, members: members.toSorted(compareEntries) }
}
