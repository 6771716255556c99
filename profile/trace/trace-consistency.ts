import type { TraceEvent } from './ordered-events.ts'
import { EVENT, PROC_STATUS } from './trace-events.ts'

/** Events that only a thread with a processor writes. */
const NEEDS_PROC: readonly number[] = [
  EVENT.goCreate,
  EVENT.goCreateBlocked,
  EVENT.goStart,
  EVENT.goStop,
  EVENT.goBlock,
  EVENT.goDestroy,
  EVENT.goSyscallBegin,
  EVENT.goSyscallEnd,
  EVENT.goSwitch,
  EVENT.goSwitchDestroy,
]

const CREATES: readonly number[] = [EVENT.goCreate, EVENT.goCreateBlocked, EVENT.goCreateSyscall]

const DESTROYS: readonly number[] = [EVENT.goDestroy, EVENT.goDestroySyscall, EVENT.goSwitchDestroy]

/** Those that only a thread with a goroutine writes. */
const NEEDS_GOROUTINE: readonly number[] = [
  EVENT.goStop,
  EVENT.goBlock,
  EVENT.goDestroy,
  EVENT.goSyscallBegin,
  EVENT.goSyscallEnd,
  EVENT.goSyscallEndBlocked,
  EVENT.goDestroySyscall,
]

/**
 * Whether each thread has what its events need, as Go's own reader asks of a trace
 * (https://go.dev/src/internal/trace/order.go). It looks at what a thread writes itself, whose order is known: that
 * another one took its processor away is not counted against it.
 */
export class TraceConsistency {
  readonly #hasProc = new Set<number>()
  readonly #created = new Set<number>()
  /** What is wrong first; null where nothing is. */
  fault: string | null = null

  /** Takes an event, with the goroutine that its thread had before it. */
  take({ type, thread, args, isOutOfTurn }: TraceEvent, runs: number | undefined): void {
    if (type === EVENT.procStart) this.#hasProc.add(thread)
    else if (type === EVENT.procStop) this.#hasProc.delete(thread)
    else if (type === EVENT.procStatus) this.#takeStatus(thread, args[1])
    if (NEEDS_PROC.includes(type) && !this.#hasProc.has(thread)) {
      this.fault ??= `thread ${thread} has no processor where event ${type} needs one`
    } else if (NEEDS_GOROUTINE.includes(type) && runs === undefined) {
      this.fault ??= `thread ${thread} has no goroutine where event ${type} needs one`
    }
    if (isOutOfTurn) {
      this.fault ??= `goroutine ${args[0]} goes on (event ${type}) although something before that is missing`
    }
    if (CREATES.includes(type)) {
      if (this.#created.has(args[0])) this.fault ??= `goroutine ${args[0]} is created twice`
      this.#created.add(args[0])
    }
    if (type === EVENT.goDestroySyscall) this.#hasProc.delete(thread)
    if (DESTROYS.includes(type) && runs !== undefined) this.#created.delete(runs)
  }

  #takeStatus(thread: number, status: number): void {
    if (status === PROC_STATUS.running || status === PROC_STATUS.syscall) this.#hasProc.add(thread)
  }
}
