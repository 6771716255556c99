import { CPU_FRAMES } from './legacy-frames.ts'
import { finishDraft, LegacyPlaces, type LegacySample, locationsOf } from './legacy-draft.ts'
import {
  addressesOf,
  isSpaceOrComment,
  type LegacyLines,
  malformed,
  wholeNumber,
} from './legacy-lines.ts'
import { memoryMapBehind } from './memory-map.ts'
import type { Profile } from '../types.ts'

/** Go's counts of goroutines and threads without the names that comments hold. Null for other texts. */
export function decodeLegacyCounts(lines: LegacyLines): Profile | null {
  while (lines.next() && isSpaceOrComment(lines.line));
  const type = /^(\S+) profile: total \d+$/.exec(lines.line)?.[1]
  if (type === undefined) return null
  const places = new LegacyPlaces()
  const samples: LegacySample[] = []
  while (lines.next()) {
    const { line } = lines
    if (isSpaceOrComment(line)) continue
    if (line.startsWith('---')) break
    const match = /^(\d+) @((?: 0x[0-9a-f]+)+)$/.exec(line)
    if (match === null) malformed(line, 'it is not a count with addresses')
    // Where a call returns to is behind it.
    const locations = addressesOf(match[2]).map((address) => places.at(address - 1n))
    samples.push({ locations, values: [wholeNumber(match[1], line)], blockBytes: null })
  }
  const valueType = { type, unit: 'count' }
  return finishDraft({
    sampleTypes: [valueType],
    periodType: valueType,
    period: 1n,
    durationNs: 0n,
    ...CPU_FRAMES,
    samples,
    locations: locationsOf(samples),
    mappings: memoryMapBehind(lines),
    hasAddresses: true,
  })
}
