import { durationSpread } from './duration-spread.ts'
import {
  type GoroutineState,
  GoroutineStates,
  funcsOf,
  type StackRef,
  type Stretch,
} from './goroutine-states.ts'
import { orderedEvents, type TraceEvent } from './ordered-events.ts'
import { type Generation, readGenerations, traceVersion } from './read-generations.ts'
import { TraceConsistency } from './trace-consistency.ts'
import { EVENT, STATUS } from './trace-events.ts'

/** The summary of an execution trace. Times are in nanoseconds since the trace began. */
export interface TraceSummary {
  /** Of the format: `1.26`. */
  readonly goVersion: string
  /** Where events contradict each other, so that Go's own reader refuses the trace; null where they do not. */
  readonly inconsistency: string | null
  readonly durationNs: number
  readonly eventCount: number
  readonly goroutineCount: number
  /** GOMAXPROCS; null if it did not change during the trace: only changes are recorded. */
  readonly procs: number | null
  /** Of all goroutines together. */
  readonly states: Readonly<Record<GoroutineState, number>>
  /** What goroutines waited for, the most first. */
  readonly waits: readonly WaitSummary[]
  readonly scheduling: SpreadSummary & { readonly longest: readonly Stretch[] }
  readonly syscalls: SpreadSummary & { readonly longest: readonly Stretch[] }
  readonly gc: {
    readonly windows: readonly { readonly startNs: number; readonly durationNs: number }[]
    readonly totalNs: number
    /** Of goroutines that had to help because they allocated. */
    readonly assistNs: number
    readonly heapBytesMax: number | null
  }
  /** When nothing else ran. */
  readonly stops: SpreadSummary & { readonly reasons: Readonly<Record<string, number>> }
}

export interface WaitSummary {
  readonly reason: string
  readonly count: number
  readonly totalNs: number
  readonly maxNs: number
}

export interface SpreadSummary {
  readonly count: number
  readonly totalNs: number
  readonly maxNs: number
  readonly p50Ns: number
  readonly p99Ns: number
}

/** Reads an execution trace of Go 1.22 or newer. Throws a ProfileFormatError with the offset of what is wrong. */
export function summariseTrace(bytes: Uint8Array): TraceSummary {
  const version = traceVersion(bytes)
  const account = new Account()
  for (const generation of readGenerations(bytes)) {
    for (const event of orderedEvents(bytes, generation)) account.take(event, generation)
  }
  return account.summary(version)
}

const WAITS_MAX = 20

/** Follows the events of a trace. */
class Account {
  readonly #states = new GoroutineStates()
  readonly #consistency = new TraceConsistency()
  /** The goroutine that each thread runs, or is in a system call with. */
  readonly #current = new Map<number, number>()
  readonly #windows: { startNs: number; durationNs: number }[] = []
  readonly #stops = durationSpread()
  readonly #stopReasons: Record<string, number> = {}
  readonly #assists = new Map<number, number>()
  #stop: { readonly reason: string; readonly startNs: number } | null = null
  #gcStartNs: number | null = null
  #assistNs = 0
  #heapBytesMax: number | null = null
  #procs: number | null = null
  #originNs: number | null = null
  #nowNs = 0
  #eventCount = 0

  take(event: TraceEvent, generation: Generation): void {
    const timeNs = Math.round((event.timeTicks * 1e9) / generation.ticks)
    this.#originNs ??= timeNs
    this.#nowNs = Math.max(this.#nowNs, timeNs - this.#originNs)
    this.#eventCount++
    this.#consistency.take(event, this.#current.get(event.thread))
    if (this.#takeGoroutine(event, generation) || this.#takeSyscall(event, generation)) return
    this.#takeCollection(event, generation)
  }

  summary(version: number): TraceSummary {
    const durationNs = this.#nowNs
    if (this.#gcStartNs !== null) this.#endCollection()
    const totals = this.#states.totals(durationNs)
    const { scheduling, syscalls } = totals
    const waits = [...totals.waits].map(([reason, { count, totalNs, maxNs }]) => {
      return { reason, count, totalNs, maxNs }
    })
    return {
      goVersion: `1.${version}`,
      inconsistency: this.#consistency.fault,
      durationNs,
      eventCount: this.#eventCount,
      goroutineCount: totals.goroutineCount,
      procs: this.#procs,
      states: totals.totalNs,
      waits: waits.sort((a, b) => b.totalNs - a.totalNs).slice(0, WAITS_MAX),
      scheduling: { ...spreadSummary(scheduling), longest: totals.longestScheduling },
      syscalls: { ...spreadSummary(syscalls), longest: totals.longestSyscalls },
      gc: {
        windows: this.#windows,
        totalNs: this.#windows.reduce((sum, { durationNs: each }) => sum + each, 0),
        assistNs: this.#assistNs,
        heapBytesMax: this.#heapBytesMax,
      },
      stops: { ...spreadSummary(this.#stops), reasons: this.#stopReasons },
    }
  }

  /** Whether it was one of these. */
  #takeGoroutine({ type, thread, args }: TraceEvent, generation: Generation): boolean {
    const [first = 0, second = 0] = args
    const nowNs = this.#nowNs
    const runs = this.#current.get(thread)
    switch (type) {
      case EVENT.goCreate:
      case EVENT.goCreateBlocked: {
        const [func = null] = funcsOf({ generation, id: second })
        this.#states.begin(first, type === EVENT.goCreate ? 'runnable' : 'waiting', nowNs, func)
        return true
      }
      case EVENT.goStart:
        this.#current.set(thread, first)
        this.#states.change(first, 'running', nowNs)
        return true
      case EVENT.goDestroy:
      case EVENT.goDestroySyscall:
        if (runs !== undefined) this.#states.end(runs, nowNs)
        this.#current.delete(thread)
        return true
      case EVENT.goStop:
      case EVENT.goBlock: {
        const reason = generation.strings.get(first) ?? ''
        const stack: StackRef = { generation, id: second }
        const state = type === EVENT.goStop ? 'runnable' : 'waiting'
        if (runs !== undefined) this.#states.change(runs, state, nowNs, { reason, stack })
        this.#current.delete(thread)
        return true
      }
      case EVENT.goUnblock:
        // The event's stack is that of the goroutine that unblocks it.
        this.#states.change(first, 'runnable', nowNs)
        return true
      case EVENT.goSwitch:
      case EVENT.goSwitchDestroy:
        if (runs !== undefined && type === EVENT.goSwitch)
          this.#states.change(runs, 'waiting', nowNs)
        if (runs !== undefined && type === EVENT.goSwitchDestroy) this.#states.end(runs, nowNs)
        this.#current.set(thread, first)
        this.#states.change(first, 'running', nowNs)
        return true
      default:
        return false
    }
  }

  #takeSyscall({ type, thread, args }: TraceEvent, generation: Generation): boolean {
    const [first = 0, second = 0, third = 0, fourth = 0] = args
    const runs = this.#current.get(thread)
    const nowNs = this.#nowNs
    switch (type) {
      case EVENT.goSyscallBegin: {
        const stack: StackRef = { generation, id: second }
        if (runs !== undefined) this.#states.change(runs, 'syscall', nowNs, { stack })
        return true
      }
      case EVENT.goSyscallEnd:
        if (runs !== undefined) this.#states.change(runs, 'running', nowNs)
        return true
      case EVENT.goSyscallEndBlocked:
        if (runs !== undefined) this.#states.change(runs, 'runnable', nowNs)
        this.#current.delete(thread)
        return true
      case EVENT.goCreateSyscall:
        this.#current.set(thread, first)
        this.#states.begin(first, 'syscall', nowNs, null)
        return true
      case EVENT.goStatus:
      case EVENT.goStatusStack: {
        if (third === STATUS.running || third === STATUS.syscall) this.#current.set(second, first)
        const stack = type === EVENT.goStatusStack ? funcsOf({ generation, id: fourth }) : []
        // What has not been heard of was in this state since the trace began.
        this.#states.begin(first, stateOf(third), 0, stack.at(-1) ?? null)
        return true
      }
      default:
        return false
    }
  }

  #takeCollection({ type, thread, args }: TraceEvent, generation: Generation): void {
    const [first = 0] = args
    const runs = this.#current.get(thread) ?? -1
    const nowNs = this.#nowNs
    if (type === EVENT.gcBegin || (type === EVENT.gcActive && this.#gcStartNs === null)) {
      this.#gcStartNs = nowNs
    } else if (type === EVENT.gcEnd) this.#endCollection()
    else if (type === EVENT.stwBegin) {
      this.#stop = { reason: generation.strings.get(first) ?? '', startNs: nowNs }
    } else if (type === EVENT.stwEnd) this.#endStop()
    else if (type === EVENT.assistBegin) this.#assists.set(runs, nowNs)
    else if (type === EVENT.assistActive && !this.#assists.has(first)) {
      this.#assists.set(first, nowNs)
    } else if (type === EVENT.assistEnd) {
      this.#assistNs += nowNs - (this.#assists.get(runs) ?? nowNs)
      this.#assists.delete(runs)
    } else if (type === EVENT.heapAlloc) {
      this.#heapBytesMax = Math.max(this.#heapBytesMax ?? 0, first)
    } else if (type === EVENT.procsChange) this.#procs = first
  }

  #endCollection(): void {
    const startNs = this.#gcStartNs ?? this.#nowNs
    this.#windows.push({ startNs, durationNs: this.#nowNs - startNs })
    this.#gcStartNs = null
  }

  #endStop(): void {
    if (this.#stop === null) return
    const { reason, startNs } = this.#stop
    const durationNs = this.#nowNs - startNs
    this.#stops.add(durationNs)
    this.#stopReasons[reason] = (this.#stopReasons[reason] ?? 0) + durationNs
    this.#stop = null
  }
}

function stateOf(status: number): GoroutineState {
  if (status === STATUS.running) return 'running'
  if (status === STATUS.runnable) return 'runnable'
  return status === STATUS.syscall ? 'syscall' : 'waiting'
}

function spreadSummary({
  count,
  totalNs,
  maxNs,
  quantileNs,
}: ReturnType<typeof durationSpread>): SpreadSummary {
  return { count, totalNs, maxNs, p50Ns: quantileNs(0.5), p99Ns: quantileNs(0.99) }
}
