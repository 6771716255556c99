import { type Block, type BlockMember, columnWidth, cumulativeTypes, kindsOf } from './block.ts'
import { DenseColumns } from './dense-columns.ts'
import { SparseReader } from './sparse-column.ts'
import type { ValueColumn } from '../types.ts'
import type { UnifiedRows } from './unify-rows.ts'

/** A member, and where it lies. */
export interface Place {
  readonly block: number
  /** Index in `members`. */
  readonly index: number
  readonly member: BlockMember
}

/** Which of the profiles that a member stands for. */
type End = 'first' | 'last'

/** What came between two profiles of one process, or all of a profile. The arrays are valid until the next read. */
export interface Change {
  readonly count: number
  /** Unified rows, in no order; NONE, as the largest number, for those that are not in use. */
  readonly rows: Uint32Array
  /** Of each sample type, then what else the column has. */
  readonly values: readonly ValueColumn[]
  /** False when `values` are those of the profile itself: the first of its process, or after a restart. */
  readonly isDelta: boolean
  readonly hasRestarted: boolean
}

/** Reads profiles of blocks of one shape as changes since the profile before, wherever that one lies. */
export class ChangeReader {
  readonly #blocks: readonly Block[]
  readonly #unified: UnifiedRows
  readonly #reader = new SparseReader()
  readonly #isCumulative: readonly boolean[]
  #dense: DenseColumns | null = null
  #rows = new Uint32Array(1024)

  /** Without `seesRestarts` differences are changes even where cumulative values fall. */
  constructor(blocks: readonly Block[], unified: UnifiedRows, seesRestarts = true) {
    this.#blocks = blocks
    this.#unified = unified
    const kinds = kindsOf(blocks[0].shape)
    this.#isCumulative = kinds.map((kind) => seesRestarts && kind === 'cumulative')
  }

  /**
   * `previous` is the profile before of the same process, or null. Of members that stand for several profiles it is from
   * the last to the first, of cumulative types alone; without `previous` it is the whole column.
   */
  read(previous: Place | null, current: Place): Change {
    if (holdsChange(previous, current)) return this.#column(current)
    return this.#difference(previous, current)
  }

  #column({ block, member }: Place): Change {
    const reader = this.#reader
    const { tables, shape } = this.#blocks[block]
    reader.read(member.column, columnWidth(shape, member), tables.samples.length)
    const { count, values } = reader
    const { isDelta, hasRestarted } = member
    const rows = this.#unifiedRows(this.#unified.rowsOf[block])
    return { count, values, isDelta, hasRestarted, rows }
  }

  /** The rows that were just read, as unified ones. */
  #unifiedRows(map: Int32Array | null): Uint32Array {
    const { count, rows } = this.#reader
    if (map === null) return rows
    if (count > this.#rows.length) this.#rows = new Uint32Array(rows.length)
    for (let index = 0; index < count; index++) this.#rows[index] = map[rows[index]]
    return this.#rows
  }

  #difference(previous: Place | null, current: Place): Change {
    const dense = this.#emptyDense()
    this.#add(dense, current, 1, 'first')
    if (previous === null) return { ...dense.take(), isDelta: false, hasRestarted: false }
    this.#add(dense, previous, -1, 'last')
    const hasRestarted = dense.hasFallen(this.#isCumulative)
    if (!hasRestarted) return { ...dense.take(), isDelta: true, hasRestarted }
    dense.clear()
    this.#add(dense, current, 1, 'first')
    return { ...dense.take(), isDelta: false, hasRestarted }
  }

  /** All values of a profile; of a member that stands for several, the cumulative ones of its first or last. */
  readEnd(place: Place, end: End): Change {
    const dense = this.#emptyDense()
    this.#add(dense, place, 1, end)
    return { ...dense.take(), isDelta: false, hasRestarted: false }
  }

  /** Adds the values of a profile: the columns of its process from the last that holds all. */
  #add(dense: DenseColumns, place: Place, sign: 1 | -1, end: End): void {
    const { block, index } = place
    const { members } = this.#blocks[block]
    if (place.member.rolled !== null) {
      this.#addRolled(dense, place, sign, end)
      return
    }
    let first = index
    while (members[first].isDelta) first--
    for (let at = first; at <= index; at++) {
      dense.add(this.#column({ block, index: at, member: members[at] }), sign)
    }
  }

  #addRolled(dense: DenseColumns, place: Place, sign: 1 | -1, end: End): void {
    const { shape } = this.#blocks[place.block]
    const change = this.#column(place)
    const none = new Float64Array(change.count)
    const types = cumulativeTypes(shape)
    const typeCount = shape.sampleTypes.length
    // The columns that add up to the values: of the first, then the growth and what the last has beyond it.
    const firsts = [(_: number, rank: number) => typeCount + rank]
    const lasts = [
      ...firsts,
      (type: number) => type,
      (_: number, rank: number) => typeCount + types.length + rank,
    ]
    for (const columnOf of end === 'first' ? firsts : lasts) {
      const values = shape.sampleTypes.map((_, type) => {
        const rank = types.indexOf(type)
        return rank === -1 ? none : change.values[columnOf(type, rank)]
      })
      dense.add({ ...change, values }, sign)
    }
  }

  #emptyDense(): DenseColumns {
    this.#dense ??= new DenseColumns({
      typeCount: this.#isCumulative.length,
      rowCount: this.#unified.tables.samples.length,
      isWide: this.#blocks.some(({ members }) => members.some(isWide)),
    })
    this.#dense.clear()
    return this.#dense
  }
}

/** Whether the column of a profile is what `ChangeReader` reads of it. */
export function holdsChange(previous: Place | null, { block, index, member }: Place): boolean {
  if (previous === null) return !member.isDelta
  const isNext = previous.block === block && previous.index + 1 === index
  return isNext && (member.isDelta || member.hasRestarted)
}

/**
 * Whether sums of its values may need more than a double. A change is at most twice a profile, and a profile at most three
 * of the columns of a member that stands for several.
 */
export function isWide({ totals, magnitudes }: BlockMember): boolean {
  const most = Number.MAX_SAFE_INTEGER / 8
  return totals.some((total) => total > most) || magnitudes.some((value) => value > most)
}
