import { type Block, isChained } from './block.ts'
import type { Link } from './chains.ts'
import { ChangeReader, type Place } from './change-reader.ts'
import { unifyRows } from './unify-rows.ts'

/** Of each block, 1 for each row in which one of these profiles has a value. */
export function usedRows(blocks: readonly Block[], links: readonly Link[]): readonly Uint8Array[] {
  const used = blocks.map(({ tables }) => new Uint8Array(tables.samples.length))
  for (const [block, rows] of used.entries()) {
    const places = links.flatMap(({ place }) => (place.block === block ? [place] : []))
    markUsed(blocks[block], places, rows)
  }
  return used
}

/**
 * Within a block a profile has what the one before of its process has, but for the changes between. Rows whose values
 * became 0 are in use still by the one before, if that one is kept; if not, all of the profile is read.
 */
function markUsed(block: Block, places: readonly Place[], used: Uint8Array): void {
  const reader = new ChangeReader([block], unifyRows([block]))
  const chained = isChained(block.shape)
  let last: Place | null = null
  for (const place of places) {
    const isNext = last !== null && last.index + 1 === place.index && place.member.isDelta
    const previous = chained && isNext ? last : null
    const at = { ...place, block: 0 }
    const { count, rows } = reader.read(previous && { ...previous, block: 0 }, at)
    for (let index = 0; index < count; index++) used[rows[index]] = 1
    last = place
  }
}
