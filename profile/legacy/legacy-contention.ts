import { finishDraft, LegacyPlaces, type LegacySample, locationsOf } from './legacy-draft.ts'
import {
  addressesOf,
  isSpaceOrComment,
  type LegacyLines,
  malformed,
  splitSample,
  wholeNumber,
} from './legacy-lines.ts'
import { LOCK_FRAMES } from './legacy-frames.ts'
import { memoryMapBehind } from './memory-map.ts'
import type { Profile } from '../types.ts'

const VALUES = /(\d+) *(\d+) $/
const ATTRIBUTES = ['cycles/second', 'sampling period', 'ms since reset', 'discarded samples']

/** Contention profiles of C++ programs, and Go's without names. Null for other texts. */
export function decodeLegacyContention(lines: LegacyLines): Profile | null {
  if (!lines.next() || !/^--- (?:contentionz |mutex:|contention:)/.test(lines.line)) return null
  const attributes = readAttributes(lines)
  if (attributes === null) return null
  const period = attributes.get('sampling period') ?? 1n
  const cyclesPerSecond = attributes.get('cycles/second') ?? 0n
  const places = new LegacyPlaces()
  const samples: LegacySample[] = []
  do {
    const line = lines.line.trim()
    if (line.startsWith('---')) break
    if (isSpaceOrComment(line)) continue
    const parts = splitSample(line)
    const match = VALUES.exec(parts?.values ?? '')
    if (parts === null || match === null) return null
    let [delay, count] = match.slice(1, 3).map((text) => wholeNumber(text, line))
    if (period > 0n) {
      if (cyclesPerSecond > 0n) {
        const product = (Number(delay) * Number(period)) / (Number(cyclesPerSecond) / 1e9)
        if (!Number.isFinite(product)) malformed(line, 'the delay is huge')
        delay = BigInt(Math.trunc(product))
      }
      count *= period
    }
    const locations = addressesOf(parts.addresses).map((address) =>
      places.at(BigInt.asUintN(64, address - 1n)),
    )
    samples.push({ locations, values: [count, delay], blockBytes: null })
  } while (lines.next())
  return finishDraft({
    sampleTypes: [
      { type: 'contentions', unit: 'count' },
      { type: 'delay', unit: 'nanoseconds' },
    ],
    periodType: { type: 'contentions', unit: 'count' },
    period,
    durationNs: BigInt.asIntN(64, (attributes.get('ms since reset') ?? 0n) * 1_000_000n),
    ...LOCK_FRAMES,
    samples,
    locations: locationsOf(samples),
    mappings: memoryMapBehind(lines),
    hasAddresses: true,
  })
}

/** The lines `name = value` in front of the samples. Null where one is not of this format. */
function readAttributes(lines: LegacyLines): ReadonlyMap<string, bigint> | null {
  const attributes = new Map<string, bigint>()
  while (lines.next()) {
    const line = lines.line.trim()
    if (isSpaceOrComment(line)) continue
    if (line.startsWith('---') || !line.includes('=')) break
    const at = line.indexOf('=')
    const [name, value] = [line.slice(0, at).trim(), line.slice(at + 1).trim()]
    if (!ATTRIBUTES.includes(name)) return null
    if (name === 'discarded samples') continue
    if (!/^[+-]?(?:0|[1-9]\d*|0x[0-9a-f]+)$/i.test(value)) return null
    attributes.set(name, wholeNumber(value.replace('+', ''), line))
  }
  return attributes
}
