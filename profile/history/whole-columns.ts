import type { Block, BlockMember } from './block.ts'
import { type SparseValues, SparseReader } from './sparse-column.ts'

export interface WholeColumn extends SparseValues {
  readonly member: BlockMember
}

/** The values of each profile of a block that `blockOfProfiles` made: none of its columns is a change. */
export function wholeColumns(block: Block): readonly WholeColumn[] {
  const reader = new SparseReader()
  const typeCount = block.shape.sampleTypes.length
  return block.members.map((member) => {
    if (member.isDelta) throw new RangeError('the column holds a change')
    reader.read(member.column, typeCount, block.tables.samples.length)
    const { count, rows, values } = reader
    return {
      member,
      rows: rows.slice(0, count),
      values: values.map((column) => column.slice(0, count)),
    }
  })
}
