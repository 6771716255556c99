import type { LineReader } from '../text/line-reader.ts'
import { type LabelDraft, ProfileBuilder, type ProfileHeader } from '../columns/profile-builder.ts'
import { ProfileFormatError } from '../profile-format-error.ts'
import { RecordStack } from './record-stack.ts'
import type { Profile } from '../types.ts'

/** The values in front of a line's addresses; `null` refuses the line. */
type ReadRecord = (
  line: string,
) => { readonly values: readonly number[]; readonly labels: readonly LabelDraft[] } | null

const ADDRESSES = String.raw`@((?: 0x[0-9a-f]+)*)\s*$`

/** `goroutine profile: total 11`, threadcreate, and profiles of a program's own. The reader is at that line. */
export function countRecords(reader: LineReader): Profile {
  const [type] = reader.line.split(' ')
  const valueType = { type, unit: 'count' }
  const pattern = /^(\d+) @(?: 0x[0-9a-f]+)+$/
  return readRecords(
    reader,
    { sampleTypes: [valueType], periodType: valueType, period: 1n },
    (line) => {
      const match = pattern.exec(line)
      return match === null ? null : { values: [Number(match[1])], labels: [] }
    },
  )
}

const HEAP_HEADER = /^heap profile: *\d+: *\d+ *\[ *\d+: *\d+ *\] *@ *(heap[_a-z0-9]*)\/?(\d*)/

/** `heap profile: 22: 187048 [30300: 226297880] @ heap/131072`, of heap and of allocs. */
export function heapRecords(reader: LineReader): Profile | null {
  const header = HEAP_HEADER.exec(reader.line)
  // Other words are those of C++ programs.
  if (header === null || header[1] !== 'heap') return null
  // Go prints twice the sampling rate.
  const rate = Math.trunc(Number(header[2]) / 2)
  const pattern = new RegExp(`^(-?\\d+): *(-?\\d+) *\\[ *(\\d+): *(\\d+) *\\] ${ADDRESSES}`)
  return readRecords(reader, heapHeader(rate), (line) => {
    const match = pattern.exec(line)
    if (match === null) return null
    const [inuseCount, inuseBytes, allocCount, allocBytes] = match.slice(1, 5).map(Number)
    if ((inuseCount === 0 && inuseBytes !== 0) || (allocCount === 0 && allocBytes !== 0))
      return null
    const [count, sizeBytes] =
      inuseCount === 0 ? [allocCount, allocBytes] : [inuseCount, inuseBytes]
    const blockBytes = count === 0 ? 0 : Math.trunc(sizeBytes / count)
    return {
      values: [
        ...unsampled(allocCount, allocBytes, rate),
        ...unsampled(inuseCount, inuseBytes, rate),
      ],
      labels: [{ key: 'bytes', number: BigInt(blockBytes) }],
    }
  })
}

function heapHeader(rate: number): ProfileHeader {
  const types = ['alloc_objects', 'alloc_space', 'inuse_objects', 'inuse_space']
  return {
    sampleTypes: types.map((type) => ({ type, unit: type.endsWith('space') ? 'bytes' : 'count' })),
    periodType: { type: 'space', unit: 'bytes' },
    period: BigInt(rate),
  }
}

/** Of a sampled count and size, what they stand for, as pprof has it (profile/legacy_profile.go, scaleHeapSample). */
function unsampled(count: number, sizeBytes: number, rate: number): [number, number] {
  if (count === 0 || sizeBytes === 0) return [0, 0]
  if (rate <= 1) return [count, sizeBytes]
  const scale = 1 / (1 - Math.exp(-sizeBytes / count / rate))
  return [Math.trunc(count * scale), Math.trunc(sizeBytes * scale)]
}

/** `--- contention:` of block profiles, `--- mutex:` of mutex profiles, then what the numbers are in. */
export function contentionRecords(reader: LineReader): Profile | null {
  const settings = new Map<string, number>()
  const pattern = new RegExp(`^(\\d+) +(\\d+) ${ADDRESSES}`)
  const readSample: ReadRecord = (line) => {
    const match = pattern.exec(line)
    if (match === null) return null
    const period = settings.get('sampling period') ?? 1
    const cyclesPerNs = (settings.get('cycles/second') ?? 0) / 1e9
    const [cycles, count] = match.slice(1, 3).map(Number)
    const delay = cyclesPerNs > 0 ? Math.trunc((cycles * period) / cyclesPerNs) : cycles
    return { values: [count * period, delay], labels: [] }
  }
  const readLine: ReadRecord = (line) => {
    const setting = /^(cycles\/second|sampling period|ms since reset)\s*=\s*(\d+)$/.exec(line)
    if (setting === null) return readSample(line)
    settings.set(setting[1], Number(setting[2]))
    return NOTHING
  }
  const profile = readRecords(reader, CONTENTION_HEADER, readLine)
  const durationNs = BigInt(settings.get('ms since reset') ?? 0) * 1_000_000n
  return { ...profile, durationNs, period: BigInt(settings.get('sampling period') ?? 1) }
}

const CONTENTION_HEADER: ProfileHeader = {
  sampleTypes: [
    { type: 'contentions', unit: 'count' },
    { type: 'delay', unit: 'nanoseconds' },
  ],
  periodType: { type: 'contentions', unit: 'count' },
  period: 1n,
}

/** A line between records that belongs to the dump. */
const NOTHING = { values: [], labels: [] }

/** Reads records, each a line with values and addresses and the comments that name them, up to `---` or the end. */
function readRecords(reader: LineReader, header: ProfileHeader, readRecord: ReadRecord): Profile {
  const builder = new ProfileBuilder(header)
  let isOpen: { readonly values: readonly number[]; readonly labels: readonly LabelDraft[] } =
    NOTHING
  let stack = new RecordStack('')
  const close = () => {
    if (isOpen === NOTHING) return
    const labels = [...stack.labels, ...isOpen.labels]
    builder.sample({ locations: stack.locations(builder), values: isOpen.values, labels })
    isOpen = NOTHING
  }
  while (reader.next()) {
    const line = reader.line.trim()
    if (line === '') continue
    if (line.startsWith('#')) {
      stack.readComment(line)
      continue
    }
    close()
    if (line.startsWith('---')) break
    const record = readRecord(line)
    if (record === null || record.values.some((value) => !Number.isSafeInteger(value))) {
      const shown = line.slice(0, 80)
      throw new ProfileFormatError(
        'text_dump',
        `line ${reader.lineNumber} is not a record: ${shown}`,
      )
    }
    isOpen = record
    stack = new RecordStack(line)
  }
  close()
  return builder.finish()
}
