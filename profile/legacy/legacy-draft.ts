import { LabelSetInterner } from '../columns/label-set-interner.ts'
import { assignMappings, type LegacyLocation, type LegacyMapping } from './memory-map.ts'
import { StackInterner } from '../columns/stack-interner.ts'
import { NONE, type Profile, type ValueType } from '../types.ts'
import { uint32 } from '../columns/growing-column.ts'
import { valueColumnOf } from '../columns/value-column.ts'

export interface LegacySample {
  /** Leaf first. */
  readonly locations: LegacyLocation[]
  readonly values: bigint[]
  /** The label `bytes`: how large the blocks are. Null without one. */
  readonly blockBytes: bigint | null
}

export interface LegacyDraft {
  readonly sampleTypes: readonly ValueType[]
  readonly periodType: ValueType
  readonly period: bigint
  readonly durationNs: bigint
  readonly dropFrames: string
  readonly keepFrames: string
  readonly samples: readonly LegacySample[]
  /** As `locationsOf` the samples answers, or did before frames were dropped from them. */
  readonly locations: readonly LegacyLocation[]
  readonly mappings: readonly LegacyMapping[]
  /** Whether addresses distinguish places; Java's do not. */
  readonly hasAddresses: boolean
}

/** The locations in the order in which samples use them, leaf first, which is pprof's. */
export function locationsOf(samples: readonly LegacySample[]): LegacyLocation[] {
  return [...new Set(samples.flatMap((sample) => sample.locations))]
}

/** Finds the one location of each address. */
export class LegacyPlaces {
  readonly #known = new Map<bigint, LegacyLocation>()

  at(address: bigint): LegacyLocation {
    const known = this.#known.get(address)
    if (known !== undefined) return known
    const location = { address: BigInt.asUintN(64, address), line: null, mapping: null }
    this.#known.set(address, location)
    return location
  }

  known(address: bigint): LegacyLocation | undefined {
    return this.#known.get(address)
  }
}

/** The draft as columns. */
export function finishDraft(draft: LegacyDraft): Profile {
  const strings = new Map([['', 0]])
  const text = (value: string) => {
    const known = strings.get(value) ?? strings.size
    strings.set(value, known)
    return known
  }
  const { locations } = draft
  const mappings = assignMappings(draft.mappings, locations)
  const mappingRow = new Map(mappings.map((mapping, row) => [mapping, row]))
  const lines = new Map(locations.flatMap(({ line }) => (line === null ? [] : [[line.name, line]])))
  const funcs = [...lines.values()]
  const funcRow = new Map(funcs.map(({ name }, row) => [name, row]))
  const { length } = locations
  const samples = finishSamples(draft, text)
  const { sampleTypes, periodType, period, durationNs, dropFrames, keepFrames } = draft
  return {
    sampleTypes,
    defaultSampleType: '',
    periodType,
    period,
    timeNs: 0n,
    durationNs,
    comments: [],
    docUrl: '',
    dropFrames,
    keepFrames,
    mappings: {
      length: mappings.length,
      start: BigUint64Array.from(mappings, ({ start }) => start),
      limit: BigUint64Array.from(mappings, ({ limit }) => limit),
      offset: BigUint64Array.from(mappings, ({ offset }) => offset),
      file: Uint32Array.from(mappings, ({ file }) => text(file)),
      buildId: Uint32Array.from(mappings, ({ buildId }) => text(buildId)),
      flags: new Uint8Array(mappings.length),
    },
    funcs: {
      length: funcs.length,
      name: Uint32Array.from(funcs, ({ name }) => text(name)),
      systemName: Uint32Array.from(funcs, ({ name }) => text(name)),
      file: Uint32Array.from(funcs, ({ file }) => text(file)),
      startLine: new Float64Array(funcs.length),
    },
    locations: {
      length,
      mapping: Int32Array.from(locations, ({ mapping }) =>
        mapping === null ? NONE : (mappingRow.get(mapping) ?? NONE),
      ),
      address: BigUint64Array.from(locations, ({ address }) => (draft.hasAddresses ? address : 0n)),
      isFolded: new Uint8Array(length),
      frameStart: uint32(length + 1).map((_, row) => row),
    },
    frames: {
      length,
      location: uint32(length).map((_, row) => row),
      func: Int32Array.from(locations, ({ line }) =>
        line === null ? NONE : (funcRow.get(line.name) ?? NONE),
      ),
      line: Float64Array.from(locations, ({ line }) => line?.line ?? 0),
      column: new Float64Array(length),
    },
    ...samples,
    strings: [...strings.keys()],
    warnings: [],
  }
}

function finishSamples(
  { samples: drafts, locations, sampleTypes }: LegacyDraft,
  text: (value: string) => number,
): Pick<Profile, 'samples' | 'stacks' | 'labelSets'> {
  const rowOf = new Map(locations.map((location, row) => [location, row]))
  const interner = new StackInterner(
    locations.map((_, row) => row).concat(locations.length),
    locations.length,
  )
  const labels = new LabelSetInterner()
  const paths = new Int32Array(drafts.length)
  const labelSet = uint32(drafts.length)
  for (const [row, { locations: stack, blockBytes }] of drafts.entries()) {
    const rows = Uint32Array.from(stack, (location) => rowOf.get(location) ?? 0)
    paths[row] = interner.path(NONE, rows, rows.length)
    if (blockBytes !== null) {
      const bits = BigInt.asUintN(64, blockBytes)
      labels.addNumber(text('bytes'), Number(bits & 0xffffffffn), Number(bits >> 32n), 0)
    }
    labelSet[row] = labels.finishSet()
  }
  const { stacks, stack } = interner.finish(paths)
  const values = sampleTypes.map((_, type) =>
    valueColumnOf(drafts.map((sample) => BigInt.asIntN(64, sample.values[type]))),
  )
  return {
    stacks,
    labelSets: labels.finish(),
    samples: { length: drafts.length, stack, labelSet, values, inferredDepth: null },
  }
}
