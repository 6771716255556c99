import { type Block, type BlockMember, compareEntries, isChained } from './block.ts'
import type { Place } from './change-reader.ts'

/** A profile with the one before it of the same process, where that says something about it. */
export interface Link {
  readonly place: Place
  /** Null for intervals, and for the first of a process. */
  readonly previous: Place | null
}

/**
 * After this long without a profile, what a process did since the last one says nothing about the time at which the next
 * was taken: its growth is not counted. Profiles taken once a day are closer than this.
 */
export const GAP_MS = 25 * 3600 * 1000

/**
 * The profiles of blocks of one shape, process by process, in order of time. A profile that several blocks have comes
 * once; one that is not kept is no predecessor either.
 */
export function chainsOf(
  blocks: readonly Block[],
  isKept: (member: BlockMember, block: number) => boolean,
): readonly (readonly Link[])[] {
  const places = blocks.flatMap(({ members }, block) =>
    members.flatMap((member, index) => (isKept(member, block) ? { block, index, member } : [])),
  )
  if (blocks.length > 1) places.sort((a, b) => compareEntries(a.member, b.member))
  const chained = blocks.length > 0 && isChained(blocks[0].shape)
  const chains: Link[][] = []
  let last: Place | null = null
  for (const place of places) {
    const isSameProcess = last !== null && last.member.process === place.member.process
    if (isSameProcess && last?.member.profileId === place.member.profileId) continue
    const link = { place, previous: isSameProcess && chained ? last : null }
    if (isSameProcess) chains[chains.length - 1].push(link)
    else chains.push([link])
    last = place
  }
  return chains
}

/** Whether what the process did since the profile before is known and belongs to this one. */
export function hasGrowth({ place, previous }: Link): boolean {
  return previous !== null && place.member.atMs - previous.member.atMs <= GAP_MS
}
