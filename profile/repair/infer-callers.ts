import { NONE, type Profile, type StackIndex } from '../types.ts'

/** A stack is recognised by this many functions at its root. */
const WINDOW_FRAMES = 5
/** Fewer different functions in a window are recursion, which fits anywhere. */
const WINDOW_FUNCS_MIN = 3
/** The share of the weight that must agree on a caller. */
const AGREEMENT_MIN = 0.8
const CANDIDATES_MAX = 4096

/** The callers of stacks that begin with the same functions, inferred from other stacks of the profile. */
export interface InferredCallers {
  /** The innermost of the callers, and how many there are. */
  readonly stack: StackIndex
  readonly frameCount: number
  /** Whether the outermost of them is where a goroutine begins. */
  readonly isRooted: boolean
  /** Where the outermost of them is the root of a cut stack itself: the window of that stack; else NONE. */
  readonly cutWindow: StackIndex
}

export interface CutStacks {
  /** 1 for each stack whose root is a cut. */
  readonly isCut: Uint8Array
  /** Its ancestor at depth WINDOW_FRAMES, or itself where it is less deep. */
  readonly window: Int32Array
}

/**
 * Finds the callers of cut stacks: the functions at the root of a cut stack, met deeper in another stack, are called
 * there by what is missing here (the idea is that of Pyroscope, https://github.com/grafana/pyroscope/pull/3344).
 * `weight` is the value at and below each stack.
 */
export class CallerFinder {
  readonly #profile: Profile
  readonly #cut: CutStacks
  readonly #weight: Float64Array
  /** The candidates of each window, by the hash of its functions. */
  readonly #windows = new Map<
    number,
    { readonly window: StackIndex; readonly callers: Candidate[] }[]
  >()
  readonly #found = new Map<StackIndex, InferredCallers | null>()

  constructor(profile: Profile, cut: CutStacks, weight: Float64Array) {
    this.#profile = profile
    this.#cut = cut
    this.#weight = weight
    for (const window of new Set(cut.window.filter((_, stack) => cut.isCut[stack] === 1))) {
      if (this.#isDistinctive(window)) this.#addWindow(window)
    }
    if (this.#windows.size > 0) this.#collectCandidates()
  }

  /** The callers of the cut stacks with this window, or `null` if they cannot be inferred. */
  callersOf(window: StackIndex): InferredCallers | null {
    const known = this.#found.get(window)
    if (known !== undefined) return known
    const callers = this.#entryOf(window)?.callers ?? []
    const found = this.#vote(callers)
    this.#found.set(window, found)
    return found
  }

  #funcOf(stack: StackIndex): number {
    const { stacks, frames } = this.#profile
    return frames.func[stacks.frame[stack]]
  }

  /** The functions of a window, leaf first; shorter near the root. */
  #funcsAt(stack: StackIndex): number[] {
    const funcs: number[] = []
    for (let at = stack; at !== NONE && funcs.length < WINDOW_FRAMES;) {
      funcs.push(this.#funcOf(at))
      at = this.#profile.stacks.parent[at]
    }
    return funcs
  }

  /** `hashOf` the functions of the window that ends at the stack, without making a list of them. */
  #hashAt(stack: StackIndex): number {
    let hash = 0
    let at = stack
    for (let step = 0; step < WINDOW_FRAMES && at !== NONE; step++) {
      hash = mix(hash, this.#funcOf(at))
      at = this.#profile.stacks.parent[at]
    }
    return hash
  }

  #isDistinctive(window: StackIndex): boolean {
    const funcs = this.#funcsAt(window)
    return funcs.length === WINDOW_FRAMES && new Set(funcs).size >= WINDOW_FUNCS_MIN
  }

  #addWindow(window: StackIndex): void {
    if (this.#entryOf(window) !== undefined) return
    const hash = hashOf(this.#funcsAt(window))
    const entries = this.#windows.get(hash) ?? []
    entries.push({ window, callers: [] })
    this.#windows.set(hash, entries)
  }

  #entryOf(stack: StackIndex) {
    const funcs = this.#funcsAt(stack)
    return this.#windows
      .get(hashOf(funcs))
      ?.find(({ window }) => isEqual(this.#funcsAt(window), funcs))
  }

  #collectCandidates(): void {
    const { stacks } = this.#profile
    for (let stack = 0; stack < stacks.length; stack++) {
      if (!this.#windows.has(this.#hashAt(stack))) continue
      const entry = this.#entryOf(stack)
      if (entry === undefined || entry.callers.length >= CANDIDATES_MAX) continue
      let caller = stack
      for (let step = 0; step < WINDOW_FRAMES; step++) caller = stacks.parent[caller]
      if (caller === NONE) continue
      const same = entry.callers.find((candidate) => candidate.caller === caller)
      if (same !== undefined) same.weight += this.#weight[stack]
      else entry.callers.push({ caller, stack, weight: this.#weight[stack], at: caller })
    }
  }

  /** Walks up all candidates at once, as long as most of the weight agrees on the next caller. */
  #vote(candidates: readonly Candidate[]): InferredCallers | null {
    const { parent } = this.#profile.stacks
    const { isCut } = this.#cut
    let voters = candidates.map((candidate) => ({ ...candidate, at: candidate.caller }))
    let frameCount = 0
    for (;;) {
      const tally = new Map<number, number>()
      let sum = 0
      for (const { at, caller, weight } of voters) {
        // A stack that ends in a cut does not vote; one that ends at a root votes for no caller.
        if (at === NONE && isCut[caller] === 1) continue
        const vote = at === NONE ? ROOT : this.#funcOf(at)
        tally.set(vote, (tally.get(vote) ?? 0) + weight)
        sum += weight
      }
      const [winner, votes] = [...tally].reduce((a, b) => (b[1] > a[1] ? b : a), [UNKNOWN, 0])
      const isAgreed = sum > 0 && votes >= AGREEMENT_MIN * sum
      if (!isAgreed || winner === ROOT) {
        const isDisputed = !isAgreed && tally.size > 0
        const best = heaviest(voters.filter(({ at }) => isDisputed || at === NONE))
        if (best === null || frameCount === 0) return null
        const cutWindow = isAgreed || isDisputed ? NONE : this.#cut.window[best.stack]
        return { stack: best.caller, frameCount, isRooted: isAgreed, cutWindow }
      }
      voters = voters
        .filter(({ at }) => at !== NONE && this.#funcOf(at) === winner)
        .map((voter) => ({ ...voter, at: parent[voter.at] }))
      frameCount++
    }
  }
}

const ROOT = -2
const UNKNOWN = -3

interface Candidate {
  /** The stack that called the window. */
  readonly caller: StackIndex
  /** The innermost stack of that window, or one of them. */
  readonly stack: StackIndex
  weight: number
  /** How far up the vote is. */
  readonly at: StackIndex
}

function heaviest(candidates: readonly Candidate[]): Candidate | null {
  let best: Candidate | null = null
  for (const candidate of candidates) {
    if (best === null || candidate.weight > best.weight) best = candidate
  }
  return best
}

function hashOf(funcs: readonly number[]): number {
  return funcs.reduce((hash, func) => mix(hash, func), 0)
}

function mix(hash: number, func: number): number {
  return (Math.imul(hash, 31) + Math.imul(func + 1, 0x9e3779b1)) | 0
}

function isEqual(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index])
}

/** For each stack its ancestor at depth WINDOW_FRAMES, or itself where it is less deep. */
export function windowsOf(parent: Int32Array, depth: Uint32Array): Int32Array {
  const window = new Int32Array(parent.length)
  for (let stack = 0; stack < parent.length; stack++) {
    window[stack] = depth[stack] <= WINDOW_FRAMES ? stack : window[parent[stack]]
  }
  return window
}
