import { type Block, type BlockMember, compareEntries, isChained, shapeKey } from './block.ts'
import { type Change, ChangeReader, holdsChange } from './change-reader.ts'
import { chainsOf, levelLinks, type Link } from './chains.ts'
import { HeaderList } from './header-list.ts'
import { magnitudeOf } from './totals.ts'
import { sortedValues } from './sorted-values.ts'
import { encodeSparse } from './sparse-column.ts'
import { usedRows } from './used-rows.ts'
import { unifyRows } from './unify-rows.ts'

/**
 * One block out of several of one shape, with the profiles that are kept and nothing that only others used; a profile
 * that comes twice is kept once, as the first block has it. Null where none is kept.
 */
export function mergeBlocks(
  blocks: readonly Block[],
  isKept: (member: BlockMember, block: number) => boolean = () => true,
): Block | null {
  const [first] = blocks
  if (first === undefined) return null
  const key = shapeKey(first.shape)
  if (blocks.some(({ shape }) => shapeKey(shape) !== key)) {
    throw new RangeError('blocks of several shapes do not merge')
  }
  const links = chainsOf(blocks, isKept).flatMap(levelLinks)
  if (links.length === 0) return null
  const memberCount = blocks.reduce((count, { members }) => count + members.length, 0)
  // Where all is kept, no row was used by others alone.
  const used = links.length === memberCount ? undefined : usedRows(blocks, links)
  const unified = unifyRows(blocks, used)
  const reader = new ChangeReader(blocks, unified)
  const headers = new HeaderList()
  const chained = isChained(first.shape)
  const members = links
    .map((link) => memberOf(link, reader.read(link.previous, link.place), chained))
    .map((member, index) => {
      const { block, member: source } = links[index].place
      return { ...member, header: headers.rowOf(blocks[block].headers[source.header]) }
    })
  return {
    shape: first.shape,
    tables: unified.tables,
    headers: headers.list,
    members: members.toSorted(compareEntries),
  }
}

function memberOf({ place, previous }: Link, change: Change, chained: boolean): BlockMember {
  const sparse = sortedValues(change)
  const isSame = holdsChange(previous, place)
  return {
    ...place.member,
    isDelta: chained && change.isDelta,
    hasRestarted: change.hasRestarted,
    magnitudes: isSame ? place.member.magnitudes : sparse.values.map(magnitudeOf),
    column: encodeSparse(sparse),
  }
}
