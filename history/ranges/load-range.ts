import { type Block, type BlockMember, shapeKey } from '../../profile/index.ts'
import type { RangePlan } from '../plan.ts'
import { type ReadBlobs, readBlock, readUnpacked } from '../blocks/read-blocks.ts'

/** The blocks of one shape that a range reads, and what in them counts. */
export interface LoadedBlocks {
  readonly blocks: readonly Block[]
  readonly isKept: (member: BlockMember, block: number) => boolean
  readonly isSelected: (member: BlockMember) => boolean
}

/** What a range reads, shape by shape, those with profiles of the range alone. */
export async function loadRange(
  blobs: ReadBlobs,
  plan: RangePlan,
): Promise<readonly LoadedBlocks[]> {
  const stored: Block[] = []
  for (const { blobKey } of plan.blocks) stored.push(await readBlock(blobs, blobKey))
  const { blocks: unpacked } = await readUnpacked(blobs, plan.pending)
  const isSkipped = new Set(plan.skippedIds)
  const isInSeries = new Set(plan.series.map(({ id }) => id))
  const isSelected = ({ atMs, series }: BlockMember) =>
    atMs >= plan.fromMs && atMs < plan.toMs && isInSeries.has(series)
  const isStored = new Set(stored)
  return [...Map.groupBy([...stored, ...unpacked], ({ shape }) => shapeKey(shape)).values()]
    .map((blocks) => ({
      blocks,
      isSelected,
      isKept: ({ profileId }: BlockMember, block: number) => {
        const holder = blocks[block]
        return holder === undefined || !isStored.has(holder) || !isSkipped.has(profileId)
      },
    }))
    .filter(({ blocks, isKept }) =>
      blocks.some(({ members }, block) =>
        members.some((member) => isSelected(member) && isKept(member, block)),
      ),
    )
}
