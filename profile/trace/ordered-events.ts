import type { Batch, Generation } from './read-generations.ts'
import { argumentCount, ARGUMENTS_MAX, EVENT } from './trace-events.ts'
import { readByte, readNumber, traceFault, type TraceReader, traceReader } from './trace-reader.ts'

/** One event; the object is used again for the next. */
export interface TraceEvent {
  type: number
  thread: number
  timeTicks: number
  /** Whether it was not the turn of any event, by what goroutines count, when this one was taken. */
  isOutOfTurn: boolean
  /** What follows the time; how many there are follows from the type. */
  readonly args: Float64Array
}

/**
 * The events of a generation in the order in which they happened, as far as the trace shows it. Each thread writes its
 * own events with a clock of 64 ns resolution; sequence numbers of goroutines decide the order between threads.
 */
export function* orderedEvents(bytes: Uint8Array, { threads }: Generation): Generator<TraceEvent> {
  const cursors = [...threads].map(([thread, batches]) => openCursor(bytes, thread, batches))
  const live = cursors.filter(advance)
  const counts = new Map<number, number>()
  while (live.length > 0) {
    const next = earliest(live, counts)
    if (next === null) return
    next.event.isOutOfTurn = !isReady(next.event, counts)
    count(next.event, counts)
    yield next.event
    if (!advance(next)) live.splice(live.indexOf(next), 1)
  }
}

interface Cursor {
  readonly bytes: Uint8Array
  readonly batches: readonly Batch[]
  batchIndex: number
  reader: TraceReader
  readonly event: TraceEvent
}

function openCursor(bytes: Uint8Array, thread: number, batches: readonly Batch[]): Cursor {
  const args = new Float64Array(ARGUMENTS_MAX)
  const event = { type: 0, thread, timeTicks: 0, isOutOfTurn: false, args }
  return { bytes, batches, batchIndex: -1, reader: traceReader(bytes, 0, 0), event }
}

/** Reads the next event; false at the end. */
function advance(cursor: Cursor): boolean {
  const { event } = cursor
  while (cursor.reader.offsetBytes >= cursor.reader.endBytes) {
    cursor.batchIndex++
    const batch = cursor.batches[cursor.batchIndex]
    if (batch === undefined) return false
    cursor.reader = traceReader(cursor.bytes, batch.fromBytes, batch.toBytes)
    event.timeTicks = batch.startTicks
  }
  const at = cursor.reader.offsetBytes
  event.type = readByte(cursor.reader)
  const argsCount = argumentCount(event.type)
  if (argsCount === 0) throw traceFault(`event ${event.type} is unknown`, at)
  event.timeTicks += readNumber(cursor.reader)
  for (let index = 0; index < argsCount - 1; index++) event.args[index] = readNumber(cursor.reader)
  return true
}

/** The earliest whose goroutine is ready for it; where none is, the earliest. */
function earliest(cursors: readonly Cursor[], counts: ReadonlyMap<number, number>): Cursor | null {
  let ready: Cursor | null = null
  let first: Cursor | null = null
  for (const cursor of cursors) {
    const { timeTicks } = cursor.event
    if (first === null || timeTicks < first.event.timeTicks) first = cursor
    if ((ready === null || timeTicks < ready.event.timeTicks) && isReady(cursor.event, counts)) {
      ready = cursor
    }
  }
  return ready ?? first
}

function isReady({ type, args }: TraceEvent, counts: ReadonlyMap<number, number>): boolean {
  if (!isCounted(type)) return true
  const before = counts.get(args[0] ?? 0)
  return before !== undefined && args[1] === before + 1
}

function count({ type, args }: TraceEvent, counts: Map<number, number>): void {
  const goroutine = args[0] ?? 0
  if (isCounted(type)) counts.set(goroutine, args[1] ?? 0)
  else if (BEGINS_COUNT.includes(type)) counts.set(goroutine, 0)
}

/** Events that carry the number of their goroutine and how many such events it had. */
function isCounted(type: number): boolean {
  return (
    type === EVENT.goStart ||
    type === EVENT.goUnblock ||
    type === EVENT.goSwitch ||
    type === EVENT.goSwitchDestroy
  )
}

const BEGINS_COUNT: readonly number[] = [
  EVENT.goCreate,
  EVENT.goCreateSyscall,
  EVENT.goCreateBlocked,
  EVENT.goStatus,
  EVENT.goStatusStack,
]
