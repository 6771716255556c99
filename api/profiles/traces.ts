import { Type, type Static } from 'typebox'
import { type Immutable, ListOf, Nullable } from '../schemas.ts'

const Ns = Type.Number({ description: 'Nanoseconds' })

const Stretch = Type.Object({
  goroutine: Type.Number(),
  func: Nullable(Type.String({ description: 'The start function of the goroutine' })),
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

/** The summary of an execution trace. Times are in nanoseconds since its start. */
export const TraceReply = Type.Object({
  fileName: Type.String({ description: 'Name of the trace file in the capture' }),
  goVersion: Type.String({ description: 'Version of the trace format: 1.26' }),
  inconsistency: Nullable(
    Type.String({
      description:
        "A contradiction in the trace, for which Go's own reader refuses it; sums may be wrong",
    }),
  ),
  durationNs: Ns,
  eventCount: Type.Integer(),
  goroutineCount: Type.Integer(),
  procs: Nullable(Type.Integer({ description: 'GOMAXPROCS; null when not in the trace' })),
  states: Type.Object(
    { running: Ns, runnable: Ns, syscall: Ns, waiting: Ns },
    { description: 'Time of all goroutines together' },
  ),
  waits: ListOf(
    Type.Object({ reason: Type.String(), count: Type.Integer(), totalNs: Ns, maxNs: Ns }),
    { description: 'What goroutines waited for, most first; empty reason: since before the trace' },
  ),
  scheduling: Longest,
  syscalls: Longest,
  gc: Type.Object({
    windows: ListOf(Type.Object({ startNs: Ns, durationNs: Ns })),
    totalNs: Ns,
    assistNs: Type.Number({ description: 'Time of GC assists by goroutines, in nanoseconds' }),
    heapBytesMax: Nullable(Type.Number()),
  }),
  stops: Type.Object({
    ...spread,
    reasons: Type.Record(Type.String(), Ns, { description: 'When nothing else ran, by reason' }),
  }),
})
export type TraceReply = Immutable<Static<typeof TraceReply>>
