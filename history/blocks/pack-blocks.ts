import { type Block, mergeBlocks, releaseBlocks, rollUp, shapeKey } from '../../profile/index.ts'
import type { BlobStore } from '../../store/blobs.ts'
import type { Packed, PackedBlock, PackingClaim } from '../../store/index.ts'
import { type ReadBlobs, readUnpacked, readWhatIsThere } from './read-blocks.ts'
import { HOUR_MS } from '../tiers.ts'
import { writeBlock } from './write-block.ts'

/** A block holds at most so many bytes of columns; the rest of the day comes into others. */
const COLUMN_BYTES_MAX = 48 * 1024 * 1024

export type PackingInput = Pick<PackingClaim, 'blocks' | 'pending' | 'skippedIds' | 'isWholeDay'>

/**
 * Packs profiles and blocks of one group and day into new blocks, which are durable when it returns: of an open day one
 * for each hour and shape that there is, of a day that is over one for each shape and one of its hours. Throws the errors of the blob store.
 */
export async function packBlocks(
  blobs: ReadBlobs & Pick<BlobStore, 'put'>,
  { blocks, pending, skippedIds, isWholeDay }: PackingInput,
): Promise<Packed> {
  const sources: Source[] = []
  const stored = await readWhatIsThere(blobs, blocks)
  sources.push(...stored.blocks.map(({ block }) => ({ block, isOld: true })))
  const unpacked = await readUnpacked(blobs, pending)
  // Of a profile that cannot be read again the copy in its block stays.
  const isSkipped = new Set(skippedIds.filter((id) => !unpacked.failedIds.includes(id)))
  sources.push(...unpacked.blocks.map((block) => ({ block, isOld: false })))
  const packed: PackedBlock[] = []
  const written: Block[] = []
  for (const some of Map.groupBy(sources, ({ block }) => shapeKey(block.shape)).values()) {
    const blocksOfShape = some.map(({ block }) => block)
    const parts = partsOf(some, isSkipped, isWholeDay)
    for (const [index, part] of parts.entries()) {
      const block = mergeBlocks(
        blocksOfShape,
        (member, source) => isKept(some, isSkipped, member, source) && part.has(member.profileId),
      )
      // What is read no more makes room for what is written. A block out of one alone has its tables.
      if (index === parts.length - 1) {
        releaseBlocks(blocksOfShape.filter(({ tables }) => tables !== block?.tables))
      }
      if (block === null) continue
      packed.push(await writeBlock(blobs, block, 'full'))
      if (isWholeDay) packed.push(await writeBlock(blobs, rollUp(block, HOUR_MS), 'hour'))
      written.push(block)
    }
  }
  releaseBlocks([...sources.map(({ block }) => block), ...written])
  const { lostIds: lostBlockIds } = stored
  return { blocks: packed, failedIds: unpacked.failedIds, lostBlockIds }
}

interface Source {
  readonly block: Block
  /** From a block that was stored; skipped profiles in it do not count. */
  readonly isOld: boolean
}

type Member = Block['members'][number]

function isKept(
  sources: readonly Source[],
  isSkipped: ReadonlySet<string>,
  { profileId }: Member,
  index: number,
): boolean {
  return sources[index]?.isOld !== true || !isSkipped.has(profileId)
}

/** The ids of each new block. */
function partsOf(
  sources: readonly Source[],
  isSkipped: ReadonlySet<string>,
  isWholeDay: boolean,
): readonly ReadonlySet<string>[] {
  const members = sources.flatMap(({ block }, index) =>
    block.members.filter((member) => isKept(sources, isSkipped, member, index)),
  )
  const hourOf = ({ atMs }: Member) => (isWholeDay ? 0 : Math.floor(atMs / HOUR_MS))
  return [...Map.groupBy(members, hourOf).values()].flatMap(splitBySize)
}

function splitBySize(members: readonly Member[]): ReadonlySet<string>[] {
  const parts: Set<string>[] = []
  let sizeBytes = Number.POSITIVE_INFINITY
  for (const { profileId, column } of members.toSorted((a, b) => a.atMs - b.atMs)) {
    if (sizeBytes + column.length > COLUMN_BYTES_MAX) {
      parts.push(new Set())
      sizeBytes = 0
    }
    parts.at(-1)?.add(profileId)
    sizeBytes += column.length
  }
  return parts
}
