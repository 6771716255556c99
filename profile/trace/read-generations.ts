import { decodeUtf8Lenient } from '../columns/utf8.ts'
import { ProfileFormatError } from '../profile-format-error.ts'
import { EVENT } from './trace-events.ts'
import {
  readByte,
  readNumber,
  readText,
  traceFault,
  type TraceReader,
  traceReader,
} from './trace-reader.ts'

/** A part of a trace with its own tables. */
export interface Generation {
  /** Of a second. */
  readonly ticks: number
  readonly strings: ReadonlyMap<number, string>
  /** By id the functions of a stack, as numbers of strings, the innermost first. */
  readonly stacks: ReadonlyMap<number, readonly number[]>
  /** The events of each thread, in order. */
  readonly threads: ReadonlyMap<number, readonly Batch[]>
}

export interface Batch {
  readonly startTicks: number
  /** Of the first event, and behind the last. */
  readonly fromBytes: number
  readonly toBytes: number
}

const HEADER = /^go 1\.(\d+) trace\0\0\0/
const HEADER_BYTES = 16
const OLDEST = 22
const NEWEST = 26
const BATCH_BYTES_MAX = 64 * 1024
const FRAMES_MAX = 128

/** The minor version of Go's trace format, 26 of `go 1.26`. Throws a ProfileFormatError where it cannot be read. */
export function traceVersion(bytes: Uint8Array): number {
  const head = decodeUtf8Lenient(bytes, 0, Math.min(bytes.length, HEADER_BYTES))
  const version = Number(HEADER.exec(head)?.[1] ?? 0)
  if (version === 0) throw new ProfileFormatError('trace', 'this is not a Go execution trace')
  if (version < OLDEST || version > NEWEST) {
    throw new ProfileFormatError(
      'trace',
      `this is an execution trace of Go 1.${version}, and those of 1.${OLDEST} to 1.${NEWEST} can be read`,
    )
  }
  return version
}

/** The generations of a trace, one at a time. One that is cut off at the end is left out. */
export function* readGenerations(bytes: Uint8Array): Generator<Generation> {
  traceVersion(bytes)
  const reader = traceReader(bytes, HEADER_BYTES)
  let tables: Tables | null = null
  while (reader.offsetBytes < bytes.length) {
    const header = readBatchHeader(reader)
    if (header === 'cut') break
    if (header === 'end') {
      if (tables !== null) yield finished(tables)
      tables = null
      continue
    }
    // Until Go 1.25 the next generation's number ends one.
    if (tables !== null && tables.number !== header.generation) {
      yield finished(tables)
      tables = null
    }
    tables ??= emptyTables(header.generation)
    readBatch(tables, header, bytes)
    reader.offsetBytes = header.toBytes
  }
  if (tables !== null && tables.ticks > 0) yield finished(tables)
}

interface Tables {
  readonly number: number
  ticks: number
  readonly strings: Map<number, string>
  readonly stacks: Map<number, readonly number[]>
  readonly threads: Map<number, Batch[]>
}

function emptyTables(number: number): Tables {
  return { number, ticks: 0, strings: new Map(), stacks: new Map(), threads: new Map() }
}

function finished(tables: Tables): Generation {
  if (tables.ticks === 0) throw new ProfileFormatError('trace', 'the trace has no clock frequency')
  return tables
}

interface BatchHeader extends Batch {
  readonly generation: number
  readonly thread: number
  readonly isExperimental: boolean
}

function readBatchHeader(reader: TraceReader): BatchHeader | 'end' | 'cut' {
  const at = reader.offsetBytes
  const type = readByte(reader)
  if (type === EVENT.endOfGeneration) return 'end'
  if (type !== EVENT.batch && type !== EVENT.experimentalBatch) {
    throw traceFault(`a batch was expected, and event ${type} is there`, at)
  }
  const isExperimental = type === EVENT.experimentalBatch
  try {
    if (isExperimental) readByte(reader)
    const [generation, thread, startTicks] = [
      readNumber(reader),
      readNumber(reader),
      readNumber(reader),
    ]
    const sizeBytes = readNumber(reader)
    if (sizeBytes > BATCH_BYTES_MAX) throw traceFault(`a batch claims ${sizeBytes} bytes`, at)
    const fromBytes = reader.offsetBytes
    if (fromBytes + sizeBytes > reader.endBytes) return 'cut'
    const toBytes = fromBytes + sizeBytes
    return { generation, thread, startTicks, isExperimental, fromBytes, toBytes }
  } catch (error) {
    if (reader.offsetBytes >= reader.endBytes) return 'cut'
    throw error
  }
}

function readBatch(tables: Tables, header: BatchHeader, bytes: Uint8Array): void {
  const { thread, isExperimental, fromBytes, toBytes } = header
  if (isExperimental || fromBytes === toBytes) return
  const reader = traceReader(bytes, fromBytes, toBytes)
  const type = bytes[fromBytes]
  if (type === EVENT.strings) readStrings(reader, tables)
  else if (type === EVENT.stacks) readStacks(reader, tables)
  else if (type === EVENT.frequency || type === EVENT.sync) readClock(reader, tables)
  else if (type !== EVENT.cpuSamples) {
    const batches = tables.threads.get(thread)
    if (batches === undefined) tables.threads.set(thread, [header])
    else batches.push(header)
  }
}

function readStrings(reader: TraceReader, { strings }: Tables): void {
  readByte(reader)
  while (reader.offsetBytes < reader.endBytes) {
    expectEvent(reader, EVENT.string)
    strings.set(readNumber(reader), readText(reader))
  }
}

function readStacks(reader: TraceReader, { stacks }: Tables): void {
  readByte(reader)
  while (reader.offsetBytes < reader.endBytes) {
    expectEvent(reader, EVENT.stack)
    const id = readNumber(reader)
    const count = readNumber(reader)
    if (count > FRAMES_MAX) throw traceFault(`a stack claims ${count} frames`, reader.offsetBytes)
    const funcs: number[] = []
    for (let index = 0; index < count; index++) {
      // Program counter, function, file, line.
      readNumber(reader)
      funcs.push(readNumber(reader))
      readNumber(reader)
      readNumber(reader)
    }
    stacks.set(id, funcs)
  }
}

/** What else a batch of clocks holds is of no use here. */
function readClock(reader: TraceReader, tables: Tables): void {
  if (reader.bytes[reader.offsetBytes] === EVENT.sync) readByte(reader)
  expectEvent(reader, EVENT.frequency)
  tables.ticks = readNumber(reader)
}

function expectEvent(reader: TraceReader, type: number): void {
  const at = reader.offsetBytes
  const found = readByte(reader)
  if (found !== type) throw traceFault(`event ${type} was expected, and ${found} is there`, at)
}
