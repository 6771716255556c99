import { finishDraft, LegacyPlaces, type LegacySample, locationsOf } from './legacy-draft.ts'
import { HEAP_FRAMES } from './legacy-frames.ts'
import {
  addressesOf,
  isSpaceOrComment,
  type LegacyLines,
  malformed,
  splitSample,
  wholeNumber,
} from './legacy-lines.ts'
import { isMemoryMapStart, memoryMapBehind } from './memory-map.ts'
import type { Profile } from '../types.ts'

const COUNTS = String.raw`heap profile: *(\d+): *(\d+) *\[ *(\d+): *(\d+) *\] *@ *`
const HEAP_HEADER = new RegExp(`${COUNTS}(heap[_a-z0-9]*)/?(\\d*)`)
/** What the heap grew by, and what it lost between blocks. */
const OTHER_HEADER = new RegExp(`${COUNTS}(?:growth|fragmentation)z?`)
const VALUES = /(-?\d+): *(-?\d+) *\[ *(\d+): *(\d+) *\] $/

interface HeapForm {
  readonly period: bigint
  /** Whether samples stand for others: a block is taken once in so many bytes, by chance. */
  readonly isSampled: boolean
  /** Whether it has all allocations as well as those in use. */
  readonly hasAllocated: boolean
}

/** Heap profiles of C++ programs and of early Go. Null for other texts. */
export function decodeLegacyHeap(lines: LegacyLines): Profile | null {
  if (!lines.next()) return null
  const form = readForm(lines.line)
  if (form === null) return null
  const places = new LegacyPlaces()
  const samples: LegacySample[] = []
  while (lines.next()) {
    const line = lines.line.trim()
    if (isSpaceOrComment(line)) continue
    if (isMemoryMapStart(line)) break
    samples.push(readSample(line, form, places))
  }
  const inuse = [
    { type: 'inuse_objects', unit: 'count' },
    { type: 'inuse_space', unit: 'bytes' },
  ]
  return finishDraft({
    sampleTypes: form.hasAllocated
      ? [
          ...inuse.map(({ type, unit }) => ({ type: type.replace('inuse', 'alloc'), unit })),
          ...inuse,
        ]
      : inuse.map(({ type, unit }) => ({ type: type.replace('inuse_', ''), unit })),
    periodType: { type: 'space', unit: 'bytes' },
    period: form.period,
    durationNs: 0n,
    ...HEAP_FRAMES,
    samples,
    locations: locationsOf(samples),
    mappings: memoryMapBehind(lines),
    hasAddresses: true,
  })
}

function readForm(line: string): HeapForm | null {
  const header = HEAP_HEADER.exec(line)
  if (header === null) {
    const isOther = OTHER_HEADER.test(line)
    return isOther ? { period: 1n, isSampled: false, hasAllocated: false } : null
  }
  const [, count, sizeBytes, allCount, allBytes, word, rate] = header
  const period = rate === '' ? 0n : BigInt(rate)
  if (period >= 2n ** 63n) return null
  const hasAllocated = isMore(allCount, count) || isMore(allBytes, sizeBytes)
  if (word === 'heap_v2' || word === 'heapz_v2') return { period, isSampled: true, hasAllocated }
  if (word === 'heapprofile') return { period: 1n, isSampled: false, hasAllocated }
  // Go prints twice the rate.
  if (word === 'heap') return { period: period / 2n, isSampled: true, hasAllocated }
  return null
}

function isMore(all: string, inuse: string): boolean {
  return all !== inuse && all !== '0'
}

function readSample(line: string, form: HeapForm, places: LegacyPlaces): LegacySample {
  const parts = splitSample(line)
  const match = VALUES.exec(parts?.values ?? '')
  if (parts === null || match === null) malformed(line, 'counts, sizes and addresses are due')
  const [inuseCount, inuseBytes, allCount, allBytes] = match
    .slice(1, 5)
    .map((text) => wholeNumber(text, line))
  const pairs = form.hasAllocated
    ? [
        [allCount, allBytes],
        [inuseCount, inuseBytes],
      ]
    : [[inuseCount, inuseBytes]]
  let blockBytes = 0n
  const values = pairs.flatMap(([count, sizeBytes]) => {
    if (count === 0n && sizeBytes !== 0n) malformed(line, 'there are bytes in no blocks')
    if (count === 0n) return [count, sizeBytes]
    blockBytes = sizeBytes / count
    return form.isSampled ? unsampled(count, sizeBytes, form.period) : [count, sizeBytes]
  })
  const locations = addressesOf(parts.addresses).map((address) =>
    places.at(BigInt.asUintN(64, address - 1n)),
  )
  return { locations, values, blockBytes }
}

/**
 * What a sampled count and size stand for: a block of size S is taken with the chance 1 - exp(-S / rate).
 * https://github.com/google/pprof/blob/main/profile/legacy_profile.go, scaleHeapSample
 */
export function unsampled(count: bigint, sizeBytes: bigint, rate: bigint): [bigint, bigint] {
  if (count === 0n || sizeBytes === 0n) return [0n, 0n]
  if (rate <= 1n) return [count, sizeBytes]
  const scale = 1 / (1 - Math.exp(-(Number(sizeBytes) / Number(count)) / Number(rate)))
  return [scaled(count, scale), scaled(sizeBytes, scale)]
}

/** What does not fit becomes the lowest number, as on most processors. */
function scaled(value: bigint, scale: number): bigint {
  const product = Math.trunc(Number(value) * scale)
  return Math.abs(product) < 2 ** 63 ? BigInt(product) : -(2n ** 63n)
}
