import { CPU_FRAMES } from './legacy-frames.ts'
import { dropDoubledLeaves } from './binary-cpu-profile.ts'
import { finishDraft, LegacyPlaces, type LegacySample, locationsOf } from './legacy-draft.ts'
import { addressesOf, isSpaceOrComment, type LegacyLines } from './legacy-lines.ts'
import { isMemoryMapStart, memoryMapBehind } from './memory-map.ts'
import type { Profile } from '../types.ts'

const THREAD = /--- Thread ([0-9a-fA-F]+) \(name: (.*)\/(\d+)\) stack: ---/

/** The stacks of all threads of a C++ program. Null for other texts. */
export function decodeLegacyThreads(lines: LegacyLines): Profile | null {
  while (lines.next() && isSpaceOrComment(lines.line));
  if (/--- threadz \d+ ---/.test(lines.line)) skipToFirst(lines)
  else if (!THREAD.test(lines.line)) return null
  const samples = readThreads(lines)
  if (samples === null) return null
  const mappings = memoryMapBehind(lines)
  const locations = locationsOf(samples)
  dropDoubledLeaves(samples)
  return finishDraft({
    sampleTypes: [{ type: 'thread', unit: 'count' }],
    periodType: { type: 'thread', unit: 'count' },
    period: 1n,
    durationNs: 0n,
    ...CPU_FRAMES,
    samples,
    locations,
    mappings,
    hasAddresses: true,
  })
}

function skipToFirst(lines: LegacyLines): void {
  while (lines.next()) if (isMemoryMapStart(lines.line) || lines.line.startsWith('-')) return
}

/** Reads up to the memory map. Null where something else comes before it. */
function readThreads(lines: LegacyLines): LegacySample[] | null {
  const places = new LegacyPlaces()
  const samples: LegacySample[] = []
  while (!isMemoryMapStart(lines.line)) {
    if (lines.line.startsWith('---- no stack trace for')) break
    if (!THREAD.test(lines.line)) return null
    const addresses = readStack(lines)
    if (addresses.length === 0) {
      const last = samples.at(-1)
      if (last !== undefined) last.values[0]++
      continue
    }
    // Those of callers are where the call returns to.
    const locations = addresses.map((address, index) =>
      places.at(index === 0 ? address : BigInt.asUintN(64, address - 1n)),
    )
    samples.push({ locations, values: [1n], blockBytes: null })
  }
  return samples
}

/** Empty for a stack marked as that of the previous thread. */
function readStack(lines: LegacyLines): bigint[] {
  const addresses: bigint[] = []
  let isSame = false
  while (lines.next()) {
    const line = lines.line.trim()
    if (line.startsWith('---')) break
    if (line.includes('same as previous thread')) isSame = true
    else addresses.push(...addressesOf(line))
  }
  return isSame ? [] : addresses
}
