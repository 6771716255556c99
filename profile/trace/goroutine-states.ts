import { type DurationSpread, durationSpread } from './duration-spread.ts'
import type { Generation } from './read-generations.ts'

export type GoroutineState = 'running' | 'runnable' | 'syscall' | 'waiting'

/** One stretch of time that a goroutine spent in a state. */
export interface Stretch {
  readonly goroutine: number
  /** The function that it was started with; null if the trace does not name it. */
  readonly func: string | null
  /** Since the trace began. */
  readonly startNs: number
  readonly durationNs: number
  /** Functions of its last known stack, innermost first; empty without one. */
  readonly stack: readonly string[]
}

export interface StateTotals {
  readonly totalNs: Readonly<Record<GoroutineState, number>>
  /** By what the runtime calls the reason. */
  readonly waits: ReadonlyMap<string, DurationSpread>
  /** From being able to run until running. */
  readonly scheduling: DurationSpread
  readonly syscalls: DurationSpread
  readonly longestScheduling: readonly Stretch[]
  readonly longestSyscalls: readonly Stretch[]
  readonly goroutineCount: number
}

/** A stack, by its number in the tables of a generation. */
export interface StackRef {
  readonly generation: Generation
  readonly id: number
}

const LONGEST_MAX = 10
const STACK_FUNCS_MAX = 12

interface Goroutine {
  state: GoroutineState
  sinceNs: number
  reason: string
  stack: StackRef | null
  func: string | null
}

/** Adds up how long goroutines are in which state. Times must not fall. */
export class GoroutineStates {
  readonly #goroutines = new Map<number, Goroutine>()
  readonly #seen = new Set<number>()
  readonly #totalNs = { running: 0, runnable: 0, syscall: 0, waiting: 0 }
  readonly #waits = new Map<string, DurationSpread>()
  readonly #scheduling = durationSpread()
  readonly #syscalls = durationSpread()
  readonly #longestScheduling: Stretch[] = []
  readonly #longestSyscalls: Stretch[] = []

  /** Adds a new goroutine, or sets the state of one that existed before the trace. */
  begin(id: number, state: GoroutineState, atNs: number, func: string | null): void {
    this.#seen.add(id)
    const known = this.#goroutines.get(id)
    if (known !== undefined) {
      known.func ??= func
      return
    }
    this.#goroutines.set(id, { state, sinceNs: atNs, reason: '', stack: null, func })
  }

  /** Without a stack the last known one stays: the goroutine continues there. */
  change(
    id: number,
    state: GoroutineState,
    atNs: number,
    {
      reason = '',
      stack = null,
    }: { readonly reason?: string; readonly stack?: StackRef | null } = {},
  ): void {
    const goroutine = this.#goroutines.get(id)
    if (goroutine === undefined) {
      this.begin(id, state, atNs, null)
      return
    }
    this.#close(id, goroutine, atNs, state)
    Object.assign(goroutine, { state, sinceNs: atNs, reason, stack: stack ?? goroutine.stack })
    goroutine.func ??= stack === null ? null : (funcsOf(stack).at(-1) ?? null)
  }

  end(id: number, atNs: number): void {
    const goroutine = this.#goroutines.get(id)
    if (goroutine === undefined) return
    this.#close(id, goroutine, atNs, null)
    this.#goroutines.delete(id)
  }

  /** Closes what is still open at the end of the trace. */
  totals(endNs: number): StateTotals {
    for (const [id, goroutine] of this.#goroutines) this.#close(id, goroutine, endNs, null)
    this.#goroutines.clear()
    return {
      totalNs: this.#totalNs,
      waits: this.#waits,
      scheduling: this.#scheduling,
      syscalls: this.#syscalls,
      longestScheduling: this.#longestScheduling,
      longestSyscalls: this.#longestSyscalls,
      goroutineCount: this.#seen.size,
    }
  }

  #close(id: number, goroutine: Goroutine, atNs: number, next: GoroutineState | null): void {
    const durationNs = atNs - goroutine.sinceNs
    const { state } = goroutine
    this.#totalNs[state] += durationNs
    if (state === 'waiting') this.#waitsFor(goroutine.reason).add(durationNs)
    if (state === 'runnable' && next === 'running') {
      this.#scheduling.add(durationNs)
      keepLongest(this.#longestScheduling, id, goroutine, durationNs)
    }
    if (state === 'syscall') {
      this.#syscalls.add(durationNs)
      keepLongest(this.#longestSyscalls, id, goroutine, durationNs)
    }
  }

  #waitsFor(reason: string): DurationSpread {
    const known = this.#waits.get(reason)
    if (known !== undefined) return known
    const spread = durationSpread()
    this.#waits.set(reason, spread)
    return spread
  }
}

function keepLongest(
  longest: Stretch[],
  id: number,
  goroutine: Goroutine,
  durationNs: number,
): void {
  if (longest.length === LONGEST_MAX && durationNs <= (longest.at(-1)?.durationNs ?? 0)) return
  const { func, sinceNs: startNs, stack } = goroutine
  const funcs = stack === null ? [] : funcsOf(stack).slice(0, STACK_FUNCS_MAX)
  longest.push({ goroutine: id, func, startNs, durationNs, stack: funcs })
  longest.sort((a, b) => b.durationNs - a.durationNs)
  longest.splice(LONGEST_MAX)
}

/** Functions of a stack, the innermost first. */
export function funcsOf({ generation, id }: StackRef): readonly string[] {
  const funcs = generation.stacks.get(id) ?? []
  return funcs.map((func) => generation.strings.get(func) ?? '?')
}
