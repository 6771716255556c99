import { type Block, type BlockMember, compareEntries, isChained, lastMsOf } from './block.ts'
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

/** The time since the profile before, if what the process did in it belongs to this one; null if it is not known. */
export function grownMsOf({ place, previous }: Link): number | null {
  if (previous === null) return null
  const gapMs = place.member.atMs - lastMsOf(previous.member)
  return gapMs <= GAP_MS ? gapMs : null
}

/** The same without links to and from members that stand for several profiles: these hold no changes. */
export function levelLinks(chain: readonly Link[]): readonly Link[] {
  return chain.map((link) => {
    const { place, previous } = link
    const isRolled = place.member.rolled !== null || (previous?.member.rolled ?? null) !== null
    return isRolled ? { place, previous: null } : link
  })
}
