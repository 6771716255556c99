import { type Block, type BlockMember, shapeKey, sharedTexts } from '../../profile/index.ts'
import type { RangePlan } from '../plan.ts'
import { DAY_MS } from '../tiers.ts'
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
  const daysOf = new Map<Block, ReadonlySet<number> | null>()
  const decodeText = sharedTexts()
  for (const { blobKey, days } of plan.blocks) {
    const block = await readBlock(blobs, blobKey, decodeText)
    daysOf.set(block, days === null ? null : new Set(days))
  }
  const { blocks: unpacked } = await readUnpacked(blobs, plan.pending)
  const isSkipped = new Set(plan.skippedIds)
  const isInSeries = new Set(plan.series.map(({ id }) => id))
  const isSelected = ({ atMs, series }: BlockMember) =>
    atMs >= plan.fromMs && atMs < plan.toMs && isInSeries.has(series)
  const isKept = (holder: Block, { profileId, atMs }: BlockMember) => {
    const days = daysOf.get(holder)
    if (days === undefined) return true
    const isOfTier = days === null || days.has(Math.floor(atMs / DAY_MS) * DAY_MS)
    return isOfTier && !isSkipped.has(profileId)
  }
  return [...Map.groupBy([...daysOf.keys(), ...unpacked], ({ shape }) => shapeKey(shape)).values()]
    .map((blocks) => ({
      blocks,
      isSelected,
      isKept: (member: BlockMember, block: number) => {
        const holder = blocks[block]
        return holder === undefined || isKept(holder, member)
      },
    }))
    .filter(({ blocks }) =>
      blocks.some((block) =>
        block.members.some((member) => isSelected(member) && isKept(block, member)),
      ),
    )
}
