import { combineHeaders, type CompleteHeader, refuseIncompatible } from './combine-headers.ts'
import { uint32 } from '../columns/growing-column.ts'
import { type ProfileParts, StackList } from '../decode/decode-parts.ts'
import { RowMap } from './place-merger.ts'
import { labelSetsInUse, mergeLabelSets } from './merge-label-sets.ts'
import { NONE, type Profile } from '../types.ts'
import { SampleMerger, samplesInUse } from './sample-merger.ts'
import { StackCache } from './stack-cache.ts'
import { TableMerger } from './table-merger.ts'
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
  readonly #tables = new TableMerger()
  readonly #knownStacks = new StackCache(this.#tables.stacks)
  readonly #samples = new SampleMerger()

  /** Adds a profile in columns: its tree of stacks is walked once. */
  add(profile: Profile): void {
    this.#begin(profile)
    const { samples } = profile
    const isUsed = samplesInUse(samples)
    const { pathOf, setOf } = this.#tables.add(profile, isUsed)
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
    const merged = this.#tables
    merged.strings.enter(bytes)
    const stringRows = new RowMap(strings.length, (index) =>
      merged.strings.rowOfBytes(bounds[2 * index], bounds[2 * index + 1]),
    )
    const locationRows = merged.places.enter({ tables, strings: stringRows })
    const { start, locations } = stacks
    const { labelSet, labelSets } = samples
    const isUsed = samplesInUse(samples)
    const usedSets = labelSetsInUse(labelSet, isUsed, labelSets.length)
    const setOf = mergeLabelSets(labelSets, usedSets, stringRows, merged.strings, merged.labels)
    const { known } = locationRows
    let rows = uint32(256)
    this.#samples.add(samples, isUsed, (sample) => {
      const first = start[sample]
      const count = start[sample + 1] - first
      if (count > rows.length) rows = uint32(count * 2)
      for (let index = 0; index < count; index++) {
        const location = locations[first + index]
        const row = known[location]
        rows[index] = row === NONE ? locationRows.rowOf(location) : row
      }
      return this.#samples.rowOf(this.#knownStacks.path(rows, count), setOf[labelSet[sample]])
    })
  }

  /** The merged profile. Nothing is added afterwards. */
  finish(): Profile {
    const header = combineHeaders(this.#headers)
    const { paths, ...samples } = this.#samples.finish()
    const { stack, ...tables } = this.#tables.finish(paths)
    const { invalidCount } = this.#tables.strings
    const merged = {
      ...header,
      warnings: [...header.warnings, ...warnOfInvalid(invalidCount)],
      ...tables,
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
