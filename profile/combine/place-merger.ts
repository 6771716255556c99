import { type LocationIndex, type MappingIndex, NONE, type Profile } from '../types.ts'

type PlaceTables = Pick<Profile, 'strings' | 'mappings' | 'funcs' | 'locations' | 'frames'>

/**
 * Gathers the mappings, functions and locations of several profiles into one set of tables, as pprof's Merge unifies
 * them: mappings by size, offset and build id or file; functions by their names; locations by address within the
 * mapping and lines. Rows are in order of first use (https://github.com/google/pprof/blob/main/profile/merge.go).
 */
export class PlaceMerger {
  /** The growing `frameStart` column of the merged locations. */
  readonly frameStart: number[] = [0]
  readonly #strings = new Map([['', 0]])
  readonly #mappings: number[][] = []
  readonly #mappingAddresses: bigint[][] = []
  readonly #mappingOfKey = new Map<string, MappingIndex>()
  readonly #funcs: number[][] = []
  readonly #funcOfKey = new Map<string, number>()
  readonly #locations: { mapping: MappingIndex; address: bigint; isFolded: number }[] = []
  readonly #locationOfKey = new Map<string, LocationIndex>()
  readonly #frameFunc: number[] = []
  readonly #frameLine: number[] = []
  readonly #frameColumn: number[] = []
  #source: Profile
  #rowOfMapping = new Int32Array(0)
  #rowOfFunc = new Int32Array(0)
  #rowOfLocation = new Int32Array(0)
  #rowOfString = new Int32Array(0)

  constructor(first: Profile) {
    this.#source = first
  }

  /** The profile that the rows given from now on are rows of. */
  enter(source: Profile): void {
    this.#source = source
    this.#rowOfMapping = new Int32Array(source.mappings.length).fill(NONE)
    this.#rowOfFunc = new Int32Array(source.funcs.length).fill(NONE)
    this.#rowOfLocation = new Int32Array(source.locations.length).fill(NONE)
    this.#rowOfString = new Int32Array(source.strings.length).fill(NONE)
    // The first mapping is the main binary and stays first, used or not.
    if (this.#mappings.length === 0 && source.mappings.length > 0) this.#mapping(0)
  }

  /** The merged row of a string of the source. */
  string(index: number): number {
    const known = this.#rowOfString[index]
    if (known !== NONE) return known
    const text = this.#source.strings[index]
    const row = this.#strings.get(text) ?? this.#strings.size
    if (row === this.#strings.size) this.#strings.set(text, row)
    this.#rowOfString[index] = row
    return row
  }

  /** The merged row of a location of the source. */
  location(index: LocationIndex): LocationIndex {
    const known = this.#rowOfLocation[index]
    if (known !== NONE) return known
    const { locations, frames } = this.#source
    const sourceMapping = locations.mapping[index]
    const mapping = sourceMapping === NONE ? NONE : this.#mapping(sourceMapping)
    const start = mapping === NONE ? 0n : this.#mappingAddresses[mapping][0]
    const sourceStart = mapping === NONE ? 0n : this.#source.mappings.start[sourceMapping]
    const address = BigInt.asUintN(64, locations.address[index] + start - sourceStart)
    const first = locations.frameStart[index]
    const end = locations.frameStart[index + 1]
    let key = `${address - start} ${mapping} ${locations.isFolded[index]}`
    // pprof numbers functions innermost line first.
    for (let frame = end - 1; frame >= first; frame--) {
      key += ` ${this.#func(frames.func[frame])}:${frames.line[frame]}:${frames.column[frame]}`
    }
    const row = this.#locationOfKey.get(key) ?? this.#locations.length
    if (row === this.#locations.length) {
      this.#locationOfKey.set(key, row)
      this.#locations.push({ mapping, address, isFolded: locations.isFolded[index] })
      for (let frame = first; frame < end; frame++) {
        this.#frameFunc.push(this.#func(frames.func[frame]))
        this.#frameLine.push(frames.line[frame])
        this.#frameColumn.push(frames.column[frame])
      }
      this.frameStart.push(this.#frameFunc.length)
    }
    this.#rowOfLocation[index] = row
    return row
  }

  finish(): PlaceTables {
    const { locations, frames } = this.#finishLocations()
    const addresses = (index: number) =>
      BigUint64Array.from(this.#mappingAddresses, (row) => row[index])
    return {
      strings: [...this.#strings.keys()],
      mappings: {
        length: this.#mappings.length,
        start: addresses(0),
        limit: addresses(1),
        offset: addresses(2),
        file: stringColumn(this.#mappings, 0),
        buildId: stringColumn(this.#mappings, 1),
        flags: Uint8Array.from(this.#mappings, (row) => row[2]),
      },
      funcs: {
        length: this.#funcs.length,
        name: stringColumn(this.#funcs, 0),
        systemName: stringColumn(this.#funcs, 1),
        file: stringColumn(this.#funcs, 2),
        startLine: Float64Array.from(this.#funcs, (row) => row[3]),
      },
      locations,
      frames,
    }
  }

  #finishLocations(): Pick<Profile, 'locations' | 'frames'> {
    const length = this.#frameFunc.length
    const location = new Uint32Array(length)
    for (let row = 0; row < this.#locations.length; row++) {
      location.fill(row, this.frameStart[row], this.frameStart[row + 1])
    }
    return {
      locations: {
        length: this.#locations.length,
        mapping: Int32Array.from(this.#locations, ({ mapping }) => mapping),
        address: BigUint64Array.from(this.#locations, ({ address }) => address),
        isFolded: Uint8Array.from(this.#locations, ({ isFolded }) => isFolded),
        frameStart: Uint32Array.from(this.frameStart),
      },
      frames: {
        length,
        location,
        func: Int32Array.from(this.#frameFunc),
        line: Float64Array.from(this.#frameLine),
        column: Float64Array.from(this.#frameColumn),
      },
    }
  }

  #mapping(index: MappingIndex): MappingIndex {
    const known = this.#rowOfMapping[index]
    if (known !== NONE) return known
    const { mappings, strings } = this.#source
    const { start, limit, offset, file, buildId, flags } = mappings
    const size = BigInt.asUintN(64, limit[index] - start[index] + 0xfffn) >> 12n
    const name = strings[buildId[index]] || strings[file[index]]
    const key = `${size} ${offset[index]} ${name}`
    const row = this.#mappingOfKey.get(key) ?? this.#mappings.length
    if (row === this.#mappings.length) {
      this.#mappingOfKey.set(key, row)
      this.#mappings.push([this.string(file[index]), this.string(buildId[index]), flags[index]])
      this.#mappingAddresses.push([start[index], limit[index], offset[index]])
    }
    this.#rowOfMapping[index] = row
    return row
  }

  #func(index: number): number {
    if (index === NONE) return NONE
    const known = this.#rowOfFunc[index]
    if (known !== NONE) return known
    const { name, systemName, file, startLine } = this.#source.funcs
    const columns = [
      this.string(name[index]),
      this.string(systemName[index]),
      this.string(file[index]),
      startLine[index],
    ]
    const key = columns.join(' ')
    const row = this.#funcOfKey.get(key) ?? this.#funcs.length
    if (row === this.#funcs.length) {
      this.#funcOfKey.set(key, row)
      this.#funcs.push(columns)
    }
    this.#rowOfFunc[index] = row
    return row
  }
}

function stringColumn(rows: readonly number[][], index: number): Uint32Array {
  return Uint32Array.from(rows, (row) => row[index])
}
