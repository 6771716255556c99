import { CPU_FRAMES, HEAP_FRAMES, LOCK_FRAMES } from './legacy-frames.ts'
import { finishDraft, LegacyPlaces, type LegacySample, locationsOf } from './legacy-draft.ts'
import {
  addressesOf,
  type LegacyLines,
  malformed,
  splitSample,
  wholeNumber,
} from './legacy-lines.ts'
import type { Profile, ValueType } from '../types.ts'
import { unsampled } from './legacy-heap.ts'

const VALUES = /(\d+) +(\d+) +$/
const LOCATION = /^\s*0x([0-9a-fA-F]+)\s+(.*)\s*$/
const FILE_AND_LINE = /^(.+):(-?[0-9]+)$/
/** In bytes: one block in so many is taken. */
const HEAP_RATE = 524_288n

interface JavaHeader {
  sampleTypes: readonly ValueType[]
  periodType: ValueType
  period: bigint
  durationNs: bigint
}

/** Heap and contention profiles of the Java agent. Null for other texts. */
export function decodeJavaText(lines: LegacyLines): Profile | null {
  if (!lines.next()) return null
  const kind = /^--- (heap|contention)z 1 ---$/.exec(lines.line.trim())?.[1]
  if (kind === undefined) return null
  const header = readHeader(lines, kind)
  if (header === null) return null
  const places = new LegacyPlaces()
  const samples = readSamples(lines, kind === 'heap', header, places)
  nameJavaLocations(lines, places)
  return finishDraft({
    ...header,
    ...framesOf(header),
    samples,
    locations: locationsOf(samples),
    mappings: [],
    hasAddresses: false,
  })
}

function framesOf({ sampleTypes }: JavaHeader) {
  const types = sampleTypes.map(({ type }) => type).join(' ')
  if (types === 'inuse_objects inuse_space') return HEAP_FRAMES
  return types === 'contentions delay' ? LOCK_FRAMES : CPU_FRAMES
}

/** Reads lines `name=value`; the reader is then at the line behind them. */
function readHeader(lines: LegacyLines, kind: string): JavaHeader | null {
  const header: JavaHeader = {
    sampleTypes: [],
    periodType: { type: '', unit: '' },
    period: 0n,
    durationNs: 0n,
  }
  while (lines.next()) {
    const line = lines.line.trim()
    if (line === '') continue
    const match = /([\w ]+)=([\w ]+)/.exec(line)
    if (match === null) break
    const [name, value] = [match[1].trim(), match[2].trim()]
    if (name === 'format') {
      if (value !== 'java') return null
    } else if (name === 'resolution') {
      const types = kind === 'heap' ? ['inuse_objects', 'inuse_space'] : ['contentions', 'delay']
      header.sampleTypes = types.map((type, index) => ({
        type,
        unit: index === 0 ? 'count' : value,
      }))
    } else if (kind === 'contention' && name === 'sampling period') {
      header.periodType = { type: 'contentions', unit: 'count' }
      header.period = numberOf(value, line)
    } else if (kind === 'contention' && name === 'ms since reset') {
      header.durationNs = BigInt.asIntN(64, numberOf(value, line) * 1_000_000n)
    } else return null
  }
  return header
}

function numberOf(text: string, line: string): bigint {
  if (!/^(?:0|[1-9]\d*|0x[0-9a-f]+)$/i.test(text)) malformed(line, `${text} is not a number`)
  return wholeNumber(text, line)
}

function readSamples(
  lines: LegacyLines,
  isHeap: boolean,
  { period }: JavaHeader,
  places: LegacyPlaces,
): LegacySample[] {
  const samples: LegacySample[] = []
  do {
    const line = lines.line.trim()
    if (line === '') continue
    const parts = splitSample(line)
    const match = VALUES.exec(parts?.values ?? '')
    if (parts === null || match === null) break
    const locations = addressesOf(parts.addresses).map((address) => places.at(address))
    // The size comes first, unlike elsewhere.
    const [sizeBytes, count] = match.slice(1, 3).map((text) => wholeNumber(text, line))
    if (!isHeap) {
      const factor = period === 0n ? 1n : period
      samples.push({ locations, values: [count * factor, sizeBytes * factor], blockBytes: null })
      continue
    }
    if (count === 0n) malformed(line, 'the second value is 0')
    const values = unsampled(count, sizeBytes, HEAP_RATE)
    samples.push({ locations, values, blockBytes: sizeBytes / count })
  } while (lines.next())
  return samples
}

/** Reads, from the line on that the reader is at, the names of addresses: `0x0042 java.lang.Thread.run (Thread.java:748)`. */
export function nameJavaLocations(lines: LegacyLines, places: LegacyPlaces): void {
  const fileOf = new Map<string, string>()
  do {
    const match = LOCATION.exec(lines.line.trim())
    if (match === null) continue
    const address = BigInt(`0x${match[1]}`)
    if (address >= 2n ** 64n) malformed(lines.line, 'an address is huge')
    const location = places.known(address)
    if (location === undefined) continue
    const { name, file, line } = placeOf(match[2])
    // A function is known by its name alone, with the file that came first.
    if (!fileOf.has(name)) fileOf.set(name, file)
    location.line = { name, file: fileOf.get(name) ?? '', line }
    location.address = 0n
  } while (lines.next())
}

function placeOf(text: string): { name: string; file: string; line: number } {
  const start = Math.max(text.lastIndexOf(' ('), text.lastIndexOf('\t('))
  if (start === -1 || !text.endsWith(')')) {
    return { name: text.includes('generated stub/JIT') ? 'STUB' : text, file: '', line: 0 }
  }
  const name = text.slice(0, start)
  const place = text.slice(start + 2, -1)
  const match = FILE_AND_LINE.exec(place)
  if (match === null) return { name, file: baseOf(place), line: 0 }
  const line = Number(match[2])
  return { name, file: match[1], line: line > 0 && line < 2 ** 63 ? line : 0 }
}

/** Go's filepath.Base. */
function baseOf(path: string): string {
  if (path === '') return '.'
  const trimmed = path.replace(/\/+$/, '')
  return trimmed === '' ? '/' : trimmed.slice(trimmed.lastIndexOf('/') + 1)
}
