import { grown, uint32 } from '../columns/growing-column.ts'
import { decodeHeader, type DecodeOptions, decodePlaces, openSections } from './decode-sections.ts'
import { checkStrings } from './decode-strings.ts'
import type { MessageRanges } from './scan-profile.ts'
import { type ReadSamples, readSamples } from './read-samples.ts'
import type { Profile } from '../types.ts'
import { decodeUtf8Lenient } from '../columns/utf8.ts'

/** A profile of which neither strings nor the tree of stacks were made. */
export interface ProfileParts {
  readonly header: Omit<
    Profile,
    'strings' | 'mappings' | 'funcs' | 'locations' | 'frames' | 'stacks' | 'labelSets' | 'samples'
  >
  readonly tables: Pick<Profile, 'mappings' | 'funcs' | 'locations' | 'frames'>
  readonly bytes: Uint8Array
  /** Where the strings lie in the bytes. */
  readonly strings: MessageRanges
  readonly samples: ReadSamples
  readonly stacks: StackList
}

/**
 * Reads what `decodeProfile` reads and refuses what it refuses, but makes only what merging needs: of two hundred
 * profiles of one program nearly all strings and stacks are known already. `stacks` is filled anew.
 */
export function decodeParts(
  bytes: Uint8Array,
  options: DecodeOptions = {},
  stacks = new StackList(),
): ProfileParts {
  const opened = openSections(bytes, options)
  const { reader, sections, limits, warnings } = opened
  const { bounds, length } = sections.strings
  checkStrings(sections.strings, limits)
  const texts = {
    length,
    at: (index: number) => decodeUtf8Lenient(bytes, bounds[2 * index], bounds[2 * index + 1]),
  }
  const { sampleTypes, periodType, tables, locationOfId } = decodePlaces(opened, texts)
  stacks.clear(sections.samples.length)
  const context = { typeCount: sampleTypes.length, stringCount: length, locationOfId, limits }
  const samples = readSamples(reader, sections.samples, context, (sample, rows, count) => {
    stacks.add(sample, rows, count)
  })
  const header = { sampleTypes, periodType, ...decodeHeader(sections, texts), warnings }
  return { header, tables, bytes, strings: sections.strings, samples, stacks }
}

/** The stacks of samples as lists of locations, leaf first. Serves one profile after the other. */
export class StackList {
  /** Those of sample `i` from `start[i]` up to, not including, `start[i + 1]`. */
  start = uint32(1024)
  locations = uint32(1 << 14)

  clear(sampleCount: number): void {
    if (sampleCount + 1 > this.start.length) this.start = uint32(2 * sampleCount)
  }

  add(sample: number, rows: Uint32Array, count: number): void {
    const start = this.start[sample]
    while (start + count > this.locations.length) this.locations = grown(this.locations, uint32)
    for (let index = 0; index < count; index++) this.locations[start + index] = rows[index]
    this.start[sample + 1] = start + count
  }
}
