import {
  type Block,
  type BlockHeader,
  type BlockMember,
  compareEntries,
  isChained,
  shapeKey,
} from './block.ts'
import { type Change, ChangeReader } from './change-reader.ts'
import { chainsOf, type Link } from './chains.ts'
import { magnitudeOf } from './block-of-profile.ts'
import { encodeSparse } from './sparse-column.ts'
import { usedRows } from './used-rows.ts'
import { unifyRows } from './unify-rows.ts'
import type { ValueColumn } from '../types.ts'

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
  const links = chainsOf(blocks, isKept).flat()
  if (links.length === 0) return null
  const unified = unifyRows(blocks, usedRows(blocks, links))
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

function memberOf({ place }: Link, change: Change, chained: boolean): BlockMember {
  const sparse = inOrder(change)
  return {
    ...place.member,
    isDelta: chained && change.isDelta,
    hasRestarted: change.hasRestarted,
    magnitudes: sparse.values.map(magnitudeOf),
    column: encodeSparse(sparse),
  }
}

/** The change with rising rows, in memory of its own. */
function inOrder({ count, rows, values }: Change): {
  readonly rows: Uint32Array
  readonly values: readonly ValueColumn[]
} {
  const own = rows.slice(0, count)
  const isRising = own.every((row, index) => index === 0 || own[index - 1] < row)
  if (isRising) return { rows: own, values: values.map((column) => column.slice(0, count)) }
  /** Row and position in one double, because sorting numbers is many times faster than sorting by a function. */
  const keys = Float64Array.from(own, (row, index) => row * 2 ** 26 + index).sort()
  const order = Uint32Array.from(keys, (sortKey) => sortKey % 2 ** 26)
  return {
    rows: Uint32Array.from(order, (index) => own[index]),
    values: values.map((column) =>
      column instanceof Float64Array
        ? Float64Array.from(order, (index) => column[index])
        : BigInt64Array.from(order, (index) => column[index]),
    ),
  }
}

/** Headers, equal ones once. */
class HeaderList {
  readonly list: BlockHeader[] = []
  readonly #rowOfKey = new Map<string, number>()
  readonly #rowOf = new Map<BlockHeader, number>()

  rowOf(header: BlockHeader): number {
    const known = this.#rowOf.get(header)
    if (known !== undefined) return known
    const key = JSON.stringify({ ...header, period: header.period.toString() })
    const row = this.#rowOfKey.get(key) ?? this.list.push(header) - 1
    this.#rowOfKey.set(key, row)
    this.#rowOf.set(header, row)
    return row
  }
}
