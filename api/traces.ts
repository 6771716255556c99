import { Type, type Static } from 'typebox'
import { type Immutable, ListOf, Nullable } from './schemas.ts'

const Ns = Type.Number({ description: 'Nanoseconds' })

const Stretch = Type.Object({
  goroutine: Type.Number(),
  func: Nullable(Type.String({ description: 'What the goroutine was started with' })),
  startNs: Ns,
  durationNs: Ns,
  stack: ListOf(Type.String(), { description: 'Functions, the innermost first' }),
})

const spread = {
  count: Type.Integer(),
  totalNs: Ns,
  maxNs: Ns,
  p50Ns: Ns,
  p99Ns: Ns,
}
const Longest = Type.Object({ ...spread, longest: ListOf(Stretch) })

/** What the execution trace of a capture tells. Times are in nanoseconds, and count from its beginning. */
export const TraceReply = Type.Object({
  fileName: Type.String({ description: 'Of the trace, in the capture' }),
  goVersion: Type.String({ description: 'Of the format: 1.26' }),
  inconsistency: Nullable(
    Type.String({
      description: "What contradicts itself, so that Go's own reader refuses the trace",
    }),
  ),
  durationNs: Ns,
  eventCount: Type.Integer(),
  goroutineCount: Type.Integer(),
  procs: Nullable(Type.Integer({ description: 'GOMAXPROCS, where the trace tells it' })),
  states: Type.Object(
    { running: Ns, runnable: Ns, syscall: Ns, waiting: Ns },
    { description: 'Time of all goroutines together' },
  ),
  waits: ListOf(
    Type.Object({ reason: Type.String(), count: Type.Integer(), totalNs: Ns, maxNs: Ns }),
    { description: 'What goroutines waited for, the most first; no reason: since before it began' },
  ),
  scheduling: Longest,
  syscalls: Longest,
  gc: Type.Object({
    windows: ListOf(Type.Object({ startNs: Ns, durationNs: Ns })),
    totalNs: Ns,
    assistNs: Type.Number({ description: 'Of goroutines that had to help, in nanoseconds' }),
    heapBytesMax: Nullable(Type.Number()),
  }),
  stops: Type.Object({
    ...spread,
    reasons: Type.Record(Type.String(), Ns, { description: 'When nothing else ran, by reason' }),
  }),
})
export type TraceReply = Immutable<Static<typeof TraceReply>>
