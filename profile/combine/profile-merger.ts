import { combineHeaders, type CompleteHeader, refuseIncompatible } from './combine-headers.ts'
import { uint32 } from '../columns/growing-column.ts'
import { type ProfileParts, StackList } from '../decode/decode-parts.ts'
import { LabelSetInterner } from '../columns/label-set-interner.ts'
import { PlaceMerger, RowMap } from './place-merger.ts'
import { mergeLabelSets } from './merge-label-sets.ts'
import { NONE, type Profile, type SampleTable } from '../types.ts'
import { SampleMerger } from './sample-merger.ts'
import { StackCache } from './stack-cache.ts'
import { StackInterner } from '../columns/stack-interner.ts'
import { StringMerger } from './string-merger.ts'
import { warnOfInvalid } from '../decode/decode-strings.ts'

/**
 * Merges profiles that come one after the other and are not held until the last: `finish` answers what `mergeProfiles`
 * does of all of them. Adding throws a ProfileFormatError `incompatible`, and adds nothing, where sample or period types
 * are not those of the first profile.
 */
export class ProfileMerger {
  /** For `decodeParts` to fill, one profile after the other. */
  readonly stackList = new StackList()
  readonly #headers: CompleteHeader[] = []
  readonly #strings = new StringMerger()
  readonly #places = new PlaceMerger()
  readonly #stacks = new StackInterner(this.#places.frameStart, 1024)
  readonly #knownStacks = new StackCache(this.#stacks)
  readonly #labels = new LabelSetInterner()
  readonly #samples = new SampleMerger()

  /** Adds a profile in columns: its tree of stacks is walked once. */
  add(profile: Profile): void {
    this.#begin(profile)
    const { strings, samples, labelSets } = profile
    const stringRows = new RowMap(strings.length, (index) =>
      this.#strings.rowOfText(strings[index]),
    )
    const locationRows = this.#places.enter({ tables: profile, strings: stringRows })
    const setOf = mergeLabelSets(labelSets, stringRows, this.#strings, this.#labels)
    const isUsed = samplesInUse(samples)
    const pathOf = mergeStacks(profile, isUsed, locationRows, this.#stacks)
    this.#samples.add(samples, isUsed, (sample) => {
      const stack = samples.stack[sample]
      const path = stack === NONE ? NONE : pathOf[stack]
      return this.#samples.rowOf(path, setOf[samples.labelSet[sample]])
    })
  }

  /** Adds a profile as it came from its file. */
  addParts({ header, tables, bytes, strings, samples, stacks }: ProfileParts): void {
    this.#begin(header)
    const { bounds } = strings
    this.#strings.enter(bytes)
    const stringRows = new RowMap(strings.length, (index) =>
      this.#strings.rowOfBytes(bounds[2 * index], bounds[2 * index + 1]),
    )
    const locationRows = this.#places.enter({ tables, strings: stringRows })
    const { start, locations } = stacks
    const setOf = mergeLabelSets(samples.labelSets, stringRows, this.#strings, this.#labels)
    const { known } = locationRows
    let rows = uint32(256)
    this.#samples.add(samples, samplesInUse(samples), (sample) => {
      const first = start[sample]
      const count = start[sample + 1] - first
      if (count > rows.length) rows = uint32(count * 2)
      for (let index = 0; index < count; index++) {
        const location = locations[first + index]
        const row = known[location]
        rows[index] = row === NONE ? locationRows.rowOf(location) : row
      }
      return this.#samples.rowOf(
        this.#knownStacks.path(rows, count),
        setOf[samples.labelSet[sample]],
      )
    })
  }

  /** The merged profile. Nothing is added afterwards. */
  finish(): Profile {
    const header = combineHeaders(this.#headers)
    const { paths, ...samples } = this.#samples.finish()
    const { stacks, stack } = this.#stacks.finish(paths)
    const warnings = [...header.warnings, ...warnOfInvalid(this.#strings.invalidCount)]
    const merged = {
      ...header,
      warnings,
      strings: this.#strings.texts,
      ...this.#places.finish(),
      stacks,
      labelSets: this.#labels.finish(),
      samples: { ...samples, stack, inferredDepth: null },
    }
    // Samples that cancelled each other out go, with what only they used.
    if (!samplesInUse(merged.samples).includes(0)) return merged
    const again = new ProfileMerger()
    again.add(merged)
    return again.finish()
  }

  #begin(header: CompleteHeader): void {
    if (this.#headers.length > 0) refuseIncompatible(this.#headers[0], header)
    this.#headers.push(header)
  }
}

/** 1 for each sample with a value other than 0. */
function samplesInUse({ labelSet, values }: Pick<SampleTable, 'labelSet' | 'values'>): Uint8Array {
  const isUsed = new Uint8Array(labelSet.length)
  for (const column of values) {
    for (let sample = 0; sample < column.length; sample++) {
      // oxlint-disable-next-line eqeqeq -- covers 0 and 0n
      if (column[sample] != 0) isUsed[sample] = 1
    }
  }
  return isUsed
}

/** The merged path of each stack that ends a location and lies below a used sample. */
function mergeStacks(
  { samples, stacks, frames, locations }: Profile,
  isUsed: Uint8Array,
  locationRows: RowMap,
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
      locationAt[stack] = locationRows.rowOf(frames.location[frame[stack]]) + 1
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
