import { combineHeaders } from './combine-headers.ts'
import { doubled, int32 } from '../columns/growing-column.ts'
import { LabelSetInterner } from '../columns/label-set-interner.ts'
import { PlaceMerger } from './place-merger.ts'
import { StackInterner } from '../columns/stack-interner.ts'
import { NONE, type Profile, type SampleTable, type ValueColumn } from '../types.ts'
import { valueColumnOf } from '../columns/value-column.ts'

/**
 * One profile out of several, as pprof's Merge makes it, also of a single one (which pprof's own reports leave as it
 * is): samples without value are dropped, equal samples become one, what no sample uses is left out, and rows are in
 * order of first use. Throws a ProfileFormatError `incompatible` when sample or period types differ.
 */
export function mergeProfiles(profiles: readonly Profile[]): Profile {
  const header = combineHeaders(profiles)
  const places = new PlaceMerger(profiles[0])
  const interner = new StackInterner(places.frameStart, profiles[0].stacks.length)
  const labels = new LabelSetInterner()
  const samples = new SampleMerger(profiles)
  for (const profile of profiles) {
    places.enter(profile)
    const isUsed = samplesInUse(profile)
    const pathOf = mergeStacks(profile, isUsed, places, interner)
    const labelSetOf = mergeLabelSets(profile, places, labels)
    samples.add(profile, isUsed, pathOf, labelSetOf)
  }
  const { paths, ...mergedSamples } = samples.finish()
  const { stacks, stack } = interner.finish(paths)
  const merged = {
    ...header,
    ...places.finish(),
    stacks,
    labelSets: labels.finish(),
    samples: { ...mergedSamples, stack, inferredDepth: null },
  }
  // Samples that cancelled each other out go, with what only they used.
  return samplesInUse(merged).includes(0) ? mergeProfiles([merged]) : merged
}

/** 1 for each sample with a value other than 0. */
function samplesInUse({ samples }: Profile): Uint8Array {
  const isUsed = new Uint8Array(samples.length)
  for (const values of samples.values) {
    for (let sample = 0; sample < samples.length; sample++) {
      // oxlint-disable-next-line eqeqeq -- 0 and 0n alike
      if (values[sample] != 0) isUsed[sample] = 1
    }
  }
  return isUsed
}

/** The merged path of each stack that ends a location and lies below a used sample. */
function mergeStacks(
  { samples, stacks, frames, locations }: Profile,
  isUsed: Uint8Array,
  places: PlaceMerger,
  merged: StackInterner,
): Int32Array {
  const { parent, frame } = stacks
  /** The location that ends at the stack, plus one, where it is in use. */
  const locationAt = new Int32Array(stacks.length)
  const callerOf = (stack: number) => {
    const first = locations.frameStart[frames.location[frame[stack]]]
    let outermost = stack
    while (frame[outermost] !== first) outermost = parent[outermost]
    return parent[outermost]
  }
  // Leaf to root and sample by sample: the order in which pprof meets the locations.
  for (let sample = 0; sample < samples.length; sample++) {
    if (isUsed[sample] === 0) continue
    let stack = samples.stack[sample]
    while (stack !== NONE && locationAt[stack] === 0) {
      locationAt[stack] = places.location(frames.location[frame[stack]]) + 1
      stack = callerOf(stack)
    }
  }
  const pathOf = new Int32Array(stacks.length).fill(NONE)
  for (let stack = 0; stack < stacks.length; stack++) {
    if (locationAt[stack] === 0) continue
    const caller = callerOf(stack)
    const mergedCaller = caller === NONE ? NONE : pathOf[caller]
    pathOf[stack] = merged.child(mergedCaller, locationAt[stack] - 1)
  }
  return pathOf
}

/** pprof keeps labels by key: text labels before number labels, each in order of keys, equal keys in the file's order. */
function mergeLabelSets(
  { labelSets, strings }: Profile,
  places: PlaceMerger,
  merged: LabelSetInterner,
): Uint32Array {
  const { labelStart, key, text, number, unit } = labelSets
  const setOf = new Uint32Array(labelSets.length)
  for (let set = 1; set < labelSets.length; set++) {
    const labels: number[] = []
    for (let label = labelStart[set]; label < labelStart[set + 1]; label++) labels.push(label)
    const isNumber = (label: number) => (text[label] === NONE ? 1 : 0)
    labels.sort(
      (a, b) => isNumber(a) - isNumber(b) || compareText(strings[key[a]], strings[key[b]]),
    )
    for (const label of labels) {
      if (text[label] !== NONE)
        merged.addText(places.string(key[label]), places.string(text[label]))
      else {
        const bits = BigInt.asUintN(64, number[label])
        const lo = Number(bits & 0xffffffffn)
        const unitOf = places.string(unit[label])
        merged.addNumber(places.string(key[label]), lo, Number(bits >> 32n), unitOf)
      }
    }
    setOf[set] = merged.finishSet()
  }
  return setOf
}

function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** Label sets are fewer than this, so a path and a label set make one exact number. */
const LABEL_SETS_MAX = 2 ** 24

class SampleMerger {
  #path = int32(1024)
  #labelSet = int32(1024)
  #length = 0
  /** The sample without labels of each path (moved up by one, for NONE), plus one. */
  #sampleOfPath = int32(1024)
  readonly #sampleOfKey = new Map<number, number>()
  readonly #sums: readonly SumColumn[]

  constructor(profiles: readonly Profile[]) {
    this.#sums = profiles[0].sampleTypes.map((_, type) =>
      isSumExact(profiles.map(({ samples }) => samples.values[type]))
        ? new DoubleSums()
        : new WideSums(),
    )
  }

  add({ samples }: Profile, isUsed: Uint8Array, pathOf: Int32Array, labelSetOf: Uint32Array): void {
    const rows = int32(samples.length).fill(NONE)
    for (let sample = 0; sample < samples.length; sample++) {
      if (isUsed[sample] === 0) continue
      const stack = samples.stack[sample]
      const path = stack === NONE ? NONE : pathOf[stack]
      rows[sample] = this.#rowOf(path, labelSetOf[samples.labelSet[sample]])
    }
    this.#sums.forEach((sums, type) => sums.add(rows, samples.values[type], this.#length))
  }

  /** `paths` are to be replaced by the stacks they end at. */
  finish(): Omit<SampleTable, 'stack' | 'inferredDepth'> & { readonly paths: Int32Array } {
    const length = this.#length
    return {
      length,
      paths: this.#path.slice(0, length),
      labelSet: Uint32Array.from(this.#labelSet.subarray(0, length)),
      values: this.#sums.map((sums) => sums.finish(length)),
    }
  }

  #rowOf(path: number, labelSet: number): number {
    if (labelSet !== 0) {
      const key = (path + 1) * LABEL_SETS_MAX + labelSet
      const known = this.#sampleOfKey.get(key)
      if (known !== undefined) return known
      this.#sampleOfKey.set(key, this.#length)
      return this.#append(path, labelSet)
    }
    while (path + 1 >= this.#sampleOfPath.length) {
      this.#sampleOfPath = doubled(this.#sampleOfPath, int32)
    }
    if (this.#sampleOfPath[path + 1] === 0) this.#sampleOfPath[path + 1] = this.#length + 1
    else return this.#sampleOfPath[path + 1] - 1
    return this.#append(path, labelSet)
  }

  #append(path: number, labelSet: number): number {
    if (this.#length === this.#path.length) {
      this.#path = doubled(this.#path, int32)
      this.#labelSet = doubled(this.#labelSet, int32)
    }
    this.#path[this.#length] = path
    this.#labelSet[this.#length] = labelSet
    return this.#length++
  }
}

function isSumExact(columns: readonly ValueColumn[]): boolean {
  let sum = 0
  for (const column of columns) {
    if (column instanceof BigInt64Array) return false
    for (const value of column) sum += Math.abs(value)
  }
  return sum <= Number.MAX_SAFE_INTEGER
}

interface SumColumn {
  /** Adds each value to its row, unless that is NONE. There are `length` rows now. */
  add(rows: Int32Array, values: ValueColumn, length: number): void
  finish(length: number): ValueColumn
}

class DoubleSums implements SumColumn {
  #sums = new Float64Array(1024)

  add(rows: Int32Array, values: ValueColumn, length: number): void {
    while (length > this.#sums.length) {
      this.#sums = doubled(this.#sums, (size) => new Float64Array(size))
    }
    for (let sample = 0; sample < rows.length; sample++) {
      if (rows[sample] !== NONE) this.#sums[rows[sample]] += Number(values[sample])
    }
  }

  finish(length: number): ValueColumn {
    return this.#sums.slice(0, length)
  }
}

/** 64-bit sums that wrap as pprof's do. */
class WideSums implements SumColumn {
  #sums = new BigInt64Array(1024)

  add(rows: Int32Array, values: ValueColumn, length: number): void {
    while (length > this.#sums.length) {
      this.#sums = doubled(this.#sums, (size) => new BigInt64Array(size))
    }
    for (let sample = 0; sample < rows.length; sample++) {
      if (rows[sample] !== NONE) this.#sums[rows[sample]] += BigInt(values[sample])
    }
  }

  finish(length: number): ValueColumn {
    return valueColumnOf([...this.#sums.subarray(0, length)])
  }
}
