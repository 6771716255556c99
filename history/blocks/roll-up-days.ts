import {
  type Block,
  type BlockMember,
  mergeBlocks,
  releaseBlocks,
  rollUp,
  shapeKey,
} from '../../profile/index.ts'
import type { BlobStore } from '../../store/blobs.ts'
import type { PackedBlock, RolledUpDays, RollUpClaim } from '../../store/index.ts'
import { readWhatIsThere } from './read-blocks.ts'
import { DAY_MS } from '../tiers.ts'
import { writeBlock } from './write-block.ts'

export type RollUpInput = Pick<RollUpClaim, 'days' | 'hours' | 'months'>

/**
 * Puts days into the block of their month, one for each shape, in place of what it had of them. Blocks are durable when it
 * returns. Throws the errors of the blob store.
 */
export async function rollUpDays(
  blobs: Pick<BlobStore, 'get' | 'put'>,
  { days, hours, months }: RollUpInput,
): Promise<RolledUpDays> {
  const [ofDays, ofMonth] = [
    await readWhatIsThere(blobs, hours),
    await readWhatIsThere(blobs, months),
  ]
  const lostDays = hours.flatMap(({ id, dayMs }) => (ofDays.lostIds.includes(id) ? [dayMs] : []))
  // Days that cannot be read whole stay as they are in the month.
  const changed = new Set(days.filter((dayMs) => !lostDays.includes(dayMs)))
  const isChanged = ({ atMs }: BlockMember) => changed.has(Math.floor(atMs / DAY_MS) * DAY_MS)
  const sources = [
    ...ofMonth.blocks.map(({ block }) => ({ block, isMonth: true })),
    ...ofDays.blocks
      .filter(({ row }) => changed.has(row.dayMs))
      .map(({ block }) => ({ block: rollUp(block, DAY_MS), isMonth: false })),
  ]
  const packed: PackedBlock[] = []
  for (const some of Map.groupBy(sources, ({ block }) => shapeKey(block.shape)).values()) {
    const blocks: readonly Block[] = some.map(({ block }) => block)
    const block = mergeBlocks(
      blocks,
      (member, index) => some[index]?.isMonth !== true || !isChanged(member),
    )
    if (block !== null) packed.push(await writeBlock(blobs, block, 'day'))
  }
  releaseBlocks([...ofDays.blocks, ...ofMonth.blocks].map(({ block }) => block))
  return { blocks: packed, lostBlockIds: [...ofDays.lostIds, ...ofMonth.lostIds] }
}
