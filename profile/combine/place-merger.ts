import { LocationMerger } from './location-merger.ts'
import { int32 } from '../columns/growing-column.ts'
import {
  type FuncTable,
  type MappingIndex,
  type MappingTable,
  NONE,
  type Profile,
} from '../types.ts'

export type PlaceTables = Pick<Profile, 'mappings' | 'funcs' | 'locations' | 'frames'>

/** The places of one profile, and its strings as rows of what is being merged. */
export interface PlaceSource {
  readonly tables: PlaceTables
  readonly strings: RowMap
}

/**
 * Gathers the mappings, functions and locations of several profiles into one set of tables, as pprof's Merge unifies
 * them: mappings by size, offset and build id or file; functions by their names; locations by address within the
 * mapping and lines. Rows are in order of first use (https://github.com/google/pprof/blob/main/profile/merge.go).
 */
export class PlaceMerger {
  readonly #mappings = new MappingMerger()
  readonly #funcs = new FuncMerger()
  readonly #locations = new LocationMerger()

  /** The growing `frameStart` column of the merged locations. */
  get frameStart(): readonly number[] {
    return this.#locations.frameStart
  }

  /** The merged rows of the locations of this source, to be asked for until the next source is entered. */
  enter({ tables, strings }: PlaceSource): RowMap {
    const { mappings, funcs, locations, frames } = tables
    const mappingRows = new RowMap(mappings.length, (index) =>
      this.#mappings.rowOf(mappings, index, strings),
    )
    const funcRows = new RowMap(funcs.length, (index) => this.#funcs.rowOf(funcs, index, strings))
    const starts = halvesOf(mappings.start)
    this.#locations.enter(locations, frames)
    // The first mapping is the main binary and stays first, used or not.
    if (this.#mappings.isEmpty && mappings.length > 0) mappingRows.rowOf(0)
    return new RowMap(locations.length, (index) => {
      const mapping = locations.mapping[index]
      const isMapped = mapping !== NONE
      const mergedMapping = isMapped ? mappingRows.rowOf(mapping) : NONE
      const first = locations.frameStart[index]
      // pprof numbers functions innermost line first.
      for (let frame = locations.frameStart[index + 1] - 1; frame >= first; frame--) {
        const func = frames.func[frame]
        this.#locations.funcOf[frame] = func === NONE ? NONE : funcRows.rowOf(func)
      }
      const startLo = isMapped ? starts[2 * mapping] : 0
      const startHi = isMapped ? starts[2 * mapping + 1] : 0
      return this.#locations.rowOf(index, mergedMapping, startLo, startHi)
    })
  }

  finish(): PlaceTables {
    const mappings = this.#mappings.finish()
    const places = this.#locations.finish(mappings.start)
    return { mappings, funcs: this.#funcs.finish(), ...places }
  }
}

/** Rows of a merged table for those of a source, found as they are asked for. */
export class RowMap {
  /** NONE for those not asked for yet. Loops look here first. */
  readonly known: Int32Array
  readonly #find: (index: number) => number

  /** Calls `find` once for each index that is asked for. */
  constructor(length: number, find: (index: number) => number) {
    this.known = int32(length).fill(NONE)
    this.#find = find
  }

  rowOf(index: number): number {
    const row = this.known[index]
    return row === NONE ? (this.known[index] = this.#find(index)) : row
  }
}

class MappingMerger {
  readonly #rows: number[][] = []
  readonly #addresses: bigint[][] = []
  readonly #rowOfKey = new Map<string, MappingIndex>()

  get isEmpty(): boolean {
    return this.#rows.length === 0
  }

  rowOf(mappings: MappingTable, index: number, strings: RowMap): MappingIndex {
    const { start, limit, offset, file, buildId, flags } = mappings
    const size = BigInt.asUintN(64, limit[index] - start[index] + 0xfffn) >> 12n
    const buildIdRow = strings.rowOf(buildId[index])
    const key = `${size} ${offset[index]} ${buildIdRow || strings.rowOf(file[index])}`
    const known = this.#rowOfKey.get(key)
    if (known !== undefined) return known
    this.#rowOfKey.set(key, this.#rows.length)
    this.#addresses.push([start[index], limit[index], offset[index]])
    return this.#rows.push([strings.rowOf(file[index]), buildIdRow, flags[index]]) - 1
  }

  finish(): MappingTable {
    const addresses = (index: number) => BigUint64Array.from(this.#addresses, (row) => row[index])
    const columns = (index: number) => Uint32Array.from(this.#rows, (row) => row[index])
    return {
      length: this.#rows.length,
      start: addresses(0),
      limit: addresses(1),
      offset: addresses(2),
      file: columns(0),
      buildId: columns(1),
      flags: Uint8Array.from(this.#rows, (row) => row[2]),
    }
  }
}

/** Functions by name, system name, file and start line, in order of first use. */
class FuncMerger {
  readonly #name: number[] = []
  readonly #systemName: number[] = []
  readonly #file: number[] = []
  readonly #startLine: number[] = []
  /** Open addressing: a function, plus one; 0 is free. */
  #slots = int32(1024)

  rowOf(funcs: FuncTable, index: number, strings: RowMap): number {
    const name = strings.rowOf(funcs.name[index])
    const systemName = strings.rowOf(funcs.systemName[index])
    const file = strings.rowOf(funcs.file[index])
    const startLine = funcs.startLine[index]
    const mask = this.#slots.length - 1
    let slot = hashOf(name, file, startLine) & mask
    for (let known = this.#slots[slot]; known !== 0; known = this.#slots[slot]) {
      if (
        this.#name[known - 1] === name &&
        this.#systemName[known - 1] === systemName &&
        this.#file[known - 1] === file &&
        this.#startLine[known - 1] === startLine
      ) {
        return known - 1
      }
      slot = (slot + 1) & mask
    }
    this.#name.push(name)
    this.#systemName.push(systemName)
    this.#file.push(file)
    const length = this.#startLine.push(startLine)
    this.#slots[slot] = length
    if (length * 2 > this.#slots.length) this.#rehash()
    return length - 1
  }

  finish(): FuncTable {
    return {
      length: this.#name.length,
      name: Uint32Array.from(this.#name),
      systemName: Uint32Array.from(this.#systemName),
      file: Uint32Array.from(this.#file),
      startLine: Float64Array.from(this.#startLine),
    }
  }

  #rehash(): void {
    this.#slots = int32(this.#slots.length * 2)
    const mask = this.#slots.length - 1
    for (let row = 0; row < this.#name.length; row++) {
      let slot = hashOf(this.#name[row], this.#file[row], this.#startLine[row]) & mask
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
      this.#slots[slot] = row + 1
    }
  }
}

function hashOf(name: number, file: number, startLine: number): number {
  const mixed = Math.imul(name + 1, 0x9e3779b1) ^ Math.imul(file + startLine, 0x85ebca6b)
  return mixed ^ (mixed >>> 15)
}

/** A column of 64-bit numbers as lower and upper halves in turn, without a bigint for each. */
function halvesOf(column: BigUint64Array): Uint32Array {
  return new Uint32Array(column.buffer, column.byteOffset, column.length * 2)
}
