import { scaledLabel } from '../units/format-value.ts'
import { labelsOf } from './filter-labels.ts'
import { StackInterner } from '../columns/stack-interner.ts'
import { type LabelSetIndex, type LocationIndex, NONE, type Profile } from '../types.ts'

export interface LabelFrameOptions {
  /** Keys of labels whose values become the callers of everything, the first the root. */
  readonly rootKeys: readonly string[]
  /** Keys of labels whose values become what everything calls, the last the leaf. */
  readonly leafKeys: readonly string[]
  /** In which numbers are written. */
  readonly unit: string
}

/**
 * The profile with frames made of labels: function names are the values, files the keys.
 * https://github.com/google/pprof/blob/main/internal/driver/tagroot.go
 */
export function addLabelFrames(profile: Profile, options: LabelFrameOptions): Profile {
  const { rootKeys, leafKeys } = options
  if (rootKeys.length + leafKeys.length === 0) return profile
  const places = new LabelPlaces(profile)
  const { samples, stacks, frames, labelSets } = profile
  const locationsOf = (keys: readonly string[], set: LabelSetIndex) =>
    keys.map((key) => places.locationOf(labelText(profile, set, key, options.unit), key))
  const roots: LocationIndex[][] = []
  const leaves: LocationIndex[][] = []
  for (let set = 0; set < labelSets.length; set++) {
    roots.push(locationsOf(rootKeys, set))
    leaves.push(locationsOf(leafKeys, set))
  }
  const placed = places.finish()
  const interner = new StackInterner(placed.locations.frameStart, stacks.length)
  const paths = samples.stack.map((leaf, sample) => {
    const path: LocationIndex[] = []
    for (let stack = leaf; stack !== NONE; stack = stacks.parent[stack]) {
      const location = frames.location[stacks.frame[stack]]
      if (profile.locations.frameStart[location] === stacks.frame[stack]) path.push(location)
    }
    const set = samples.labelSet[sample]
    const whole = [...roots[set], ...path.reverse(), ...leaves[set]]
    return whole.reduce((caller, location) => interner.child(caller, location), NONE)
  })
  const { stacks: labelled, stack } = interner.finish(paths)
  return {
    ...placed,
    stacks: labelled,
    samples: { ...samples, stack, inferredDepth: null },
  }
}

function labelText(profile: Profile, set: LabelSetIndex, key: string, unit: string): string {
  const { labelSets, strings } = profile
  const labels = labelsOf(labelSets.labelStart, set).filter(
    (label) => strings[labelSets.key[label]] === key,
  )
  const texts = labels.filter((label) => labelSets.text[label] !== NONE)
  const numbers = labels.filter((label) => labelSets.text[label] === NONE)
  const hasUnits = numbers.some((label) => labelSets.unit[label] !== 0)
  return [
    ...texts.map((label) => strings[labelSets.text[label]]),
    ...numbers.map((label) =>
      scaledLabel(labelSets.number[label], strings[labelSets.unit[label]], hasUnits ? unit : ''),
    ),
  ].join(',')
}

/** The functions and locations of a profile with those of labels behind them. */
class LabelPlaces {
  readonly #profile: Profile
  readonly #known = new Map<string, LocationIndex>()
  readonly #names: { readonly name: string; readonly file: string }[] = []

  constructor(profile: Profile) {
    this.#profile = profile
  }

  locationOf(name: string, file: string): LocationIndex {
    const key = `${name}\0${file}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const location = this.#profile.locations.length + this.#names.length
    this.#known.set(key, location)
    this.#names.push({ name, file })
    return location
  }

  finish(): Profile {
    const { strings, funcs, locations, frames } = this.#profile
    const count = this.#names.length
    const ints = Array.from({ length: count }, (_, index) => index)
    const rows = (base: number) => ints.map((index) => base + index)
    const ones = (value: number) => ints.map(() => value)
    const names = ints.map((index) => strings.length + 2 * index)
    const files = names.map((name) => name + 1)
    return {
      ...this.#profile,
      strings: [...strings, ...this.#names.flatMap(({ name, file }) => [name, file])],
      funcs: {
        length: funcs.length + count,
        name: Uint32Array.from([...funcs.name, ...names]),
        // pprof leaves the system's name empty.
        systemName: Uint32Array.from([...funcs.systemName, ...ones(0)]),
        file: Uint32Array.from([...funcs.file, ...files]),
        startLine: Float64Array.from([...funcs.startLine, ...ones(0)]),
      },
      locations: {
        length: locations.length + count,
        mapping: Int32Array.from([...locations.mapping, ...ones(NONE)]),
        address: BigUint64Array.from([...locations.address, ...ints.map(() => 0n)]),
        isFolded: Uint8Array.from([...locations.isFolded, ...ones(0)]),
        frameStart: Uint32Array.from([...locations.frameStart, ...rows(frames.length + 1)]),
      },
      frames: {
        length: frames.length + count,
        location: Uint32Array.from([...frames.location, ...rows(locations.length)]),
        func: Int32Array.from([...frames.func, ...rows(funcs.length)]),
        line: Float64Array.from([...frames.line, ...ones(0)]),
        column: Float64Array.from([...frames.column, ...ones(0)]),
      },
    }
  }
}
