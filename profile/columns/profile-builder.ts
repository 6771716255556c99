import { LabelSetInterner } from './label-set-interner.ts'
import { type PathIndex, StackInterner } from './stack-interner.ts'
import {
  type FuncIndex,
  type LocationIndex,
  type MappingIndex,
  NONE,
  type Profile,
} from '../types.ts'
import { valueColumnOf } from './value-column.ts'

export interface FuncDraft {
  readonly name: string
  /** The name itself where it is left out. */
  readonly systemName?: string
  readonly file?: string
  readonly startLine?: number
}

export interface LineDraft {
  readonly func: FuncIndex
  readonly line?: number
  readonly column?: number
}

export interface LocationDraft {
  readonly mapping?: MappingIndex
  readonly address?: bigint
  readonly isFolded?: boolean
  /** Outermost caller first, as in the FrameTable. None makes a location without names. */
  readonly lines: readonly LineDraft[]
}

export interface MappingDraft {
  readonly start?: bigint
  readonly limit?: bigint
  readonly offset?: bigint
  readonly file?: string
  readonly buildId?: string
  readonly flags?: number
}

export type LabelDraft =
  | { readonly key: string; readonly text: string }
  | { readonly key: string; readonly number: bigint; readonly unit?: string }

export interface SampleDraft {
  /** Root first. */
  readonly locations: ArrayLike<LocationIndex>
  /** One per sample type. */
  readonly values: readonly (number | bigint)[]
  readonly labels?: readonly LabelDraft[]
}

export type ProfileHeader = Pick<Profile, 'sampleTypes'> &
  Partial<
    Pick<
      Profile,
      | 'defaultSampleType'
      | 'periodType'
      | 'period'
      | 'timeNs'
      | 'durationNs'
      | 'comments'
      | 'docUrl'
      | 'dropFrames'
      | 'keepFrames'
      | 'warnings'
    >
  >

/** Builds a profile row by row. Equal functions, locations, stacks and label sets become one; samples stay apart. */
export class ProfileBuilder {
  readonly #header: ProfileHeader
  readonly #strings = new Map([['', 0]])
  readonly #mappings: Required<MappingDraft>[] = []
  readonly #funcs: Required<FuncDraft>[] = []
  readonly #funcOfKey = new Map<string, FuncIndex>()
  readonly #locations: LocationDraft[] = []
  readonly #locationOfKey = new Map<string, LocationIndex>()
  readonly #frameStart = [0]
  readonly #stacks = new StackInterner(this.#frameStart, 64)
  readonly #labels = new LabelSetInterner()
  readonly #pathOfSample: PathIndex[] = []
  readonly #labelSetOfSample: number[] = []
  readonly #values: (number | bigint)[][]

  constructor(header: ProfileHeader) {
    this.#header = header
    this.#values = header.sampleTypes.map(() => [])
  }

  mapping(draft: MappingDraft): MappingIndex {
    const { start = 0n, limit = 0n, offset = 0n, file = '', buildId = '', flags = 0 } = draft
    return this.#mappings.push({ start, limit, offset, file, buildId, flags }) - 1
  }

  func(draft: FuncDraft): FuncIndex {
    const { name, systemName = name, file = '', startLine = 0 } = draft
    const key = `${name}\n${systemName}\n${file}\n${startLine}`
    const known = this.#funcOfKey.get(key)
    if (known !== undefined) return known
    const func = this.#funcs.push({ name, systemName, file, startLine }) - 1
    this.#funcOfKey.set(key, func)
    return func
  }

  location(draft: LocationDraft): LocationIndex {
    const { mapping = NONE, address = 0n, isFolded = false, lines } = draft
    const places = lines.map(({ func, line = 0, column = 0 }) => `${func}:${line}:${column}`)
    const key = `${mapping} ${address} ${isFolded} ${places.join(' ')}`
    const known = this.#locationOfKey.get(key)
    if (known !== undefined) return known
    const location = this.#locations.push(draft) - 1
    this.#locationOfKey.set(key, location)
    this.#frameStart.push(this.#frameStart[location] + Math.max(1, lines.length))
    return location
  }

  sample({ locations, values, labels = [] }: SampleDraft): void {
    let path = NONE
    for (let step = 0; step < locations.length; step++) {
      path = this.#stacks.child(path, locations[step])
    }
    for (const label of labels) this.#label(label)
    this.#pathOfSample.push(path)
    this.#labelSetOfSample.push(this.#labels.finishSet())
    this.#values.forEach((column, type) => column.push(values[type]))
  }

  finish(): Profile {
    const tables = { ...this.#placeTables(), ...this.#nameTables() }
    const { stacks, stack } = this.#stacks.finish(Int32Array.from(this.#pathOfSample))
    return {
      defaultSampleType: '',
      periodType: null,
      period: 0n,
      timeNs: 0n,
      durationNs: 0n,
      comments: [],
      docUrl: '',
      dropFrames: '',
      keepFrames: '',
      warnings: [],
      ...this.#header,
      ...tables,
      stacks,
      labelSets: this.#labels.finish(),
      samples: {
        length: stack.length,
        stack,
        labelSet: Uint32Array.from(this.#labelSetOfSample),
        values: this.#values.map((values) => valueColumnOf(values)),
        inferredDepth: null,
      },
      strings: [...this.#strings.keys()],
    }
  }

  /** Skips an empty text, and 0 without a unit: the wire format cannot express them. */
  #label(label: LabelDraft): void {
    const key = this.#string(label.key)
    if ('text' in label) {
      if (label.text !== '') this.#labels.addText(key, this.#string(label.text))
      return
    }
    const { number, unit = '' } = label
    if (number === 0n && unit === '') return
    const bits = BigInt.asUintN(64, number)
    const lo = Number(bits & 0xffffffffn)
    this.#labels.addNumber(key, lo, Number(bits >> 32n), this.#string(unit))
  }

  #placeTables(): Pick<Profile, 'locations' | 'frames'> {
    const location: number[] = []
    const func: number[] = []
    const line: number[] = []
    const column: number[] = []
    this.#locations.forEach((draft, row) => {
      const lines: readonly LineDraft[] = draft.lines.length === 0 ? [{ func: NONE }] : draft.lines
      for (const place of lines) {
        location.push(row)
        func.push(place.func)
        line.push(place.line ?? 0)
        column.push(place.column ?? 0)
      }
    })
    return {
      locations: {
        length: this.#locations.length,
        mapping: Int32Array.from(this.#locations, ({ mapping = NONE }) => mapping),
        address: BigUint64Array.from(this.#locations, ({ address = 0n }) => address),
        isFolded: Uint8Array.from(this.#locations, ({ isFolded = false }) => (isFolded ? 1 : 0)),
        frameStart: Uint32Array.from(this.#frameStart),
      },
      frames: {
        length: location.length,
        location: Uint32Array.from(location),
        func: Int32Array.from(func),
        line: Float64Array.from(line),
        column: Float64Array.from(column),
      },
    }
  }

  #nameTables(): Pick<Profile, 'mappings' | 'funcs'> {
    const mappings = this.#mappings
    const funcs = this.#funcs
    return {
      mappings: {
        length: mappings.length,
        start: BigUint64Array.from(mappings, ({ start }) => start),
        limit: BigUint64Array.from(mappings, ({ limit }) => limit),
        offset: BigUint64Array.from(mappings, ({ offset }) => offset),
        file: Uint32Array.from(mappings, ({ file }) => this.#string(file)),
        buildId: Uint32Array.from(mappings, ({ buildId }) => this.#string(buildId)),
        flags: Uint8Array.from(mappings, ({ flags }) => flags),
      },
      funcs: {
        length: funcs.length,
        name: Uint32Array.from(funcs, ({ name }) => this.#string(name)),
        systemName: Uint32Array.from(funcs, ({ systemName }) => this.#string(systemName)),
        file: Uint32Array.from(funcs, ({ file }) => this.#string(file)),
        startLine: Float64Array.from(funcs, ({ startLine }) => startLine),
      },
    }
  }

  #string(text: string): number {
    const known = this.#strings.get(text)
    if (known !== undefined) return known
    this.#strings.set(text, this.#strings.size)
    return this.#strings.size - 1
  }
}
