import { type FuncNames, NONE, type Profile } from '../../profile/index.ts'
import type { PathRow, StackAutomaton, StepRow } from './stack-automaton.ts'

export type StateRow = number

/** What the automaton found in a profile. */
export interface StackRun {
  /** The state in which each stack ends. Stacks in one state match the same paths. */
  readonly stateOfStack: Int32Array
  readonly stateCount: number
  /** Whether stacks that end in this state match the path. */
  matches(state: StateRow, path: PathRow): boolean
  /** The states whose stacks match the path. */
  statesOf(path: PathRow): readonly StateRow[]
  /** The rows of the steps that each func can be; most have none. */
  readonly stepsOfFunc: readonly (readonly StepRow[])[]
}

interface FrameClass {
  readonly steps: readonly StepRow[]
  readonly isElided: boolean
}

const NO_STEPS: readonly StepRow[] = []
/** The state above the root, that a stack without frames stays in. */
export const ROOT_STATE = 0

/**
 * Runs the automaton over all stacks in one forward loop. States are made as they are met and remembered with their
 * transitions, so that nearly every frame costs one look-up.
 */
export function runAutomaton(
  automaton: StackAutomaton,
  profile: Profile,
  names: FuncNames,
): StackRun {
  const { classes, classOfFunc, stepsOfFunc } = classifyFuncs(automaton, profile, names)
  const states = new StateTable(automaton, classes)
  const { stacks, frames } = profile
  const stateOfStack = new Int32Array(stacks.length)
  const transitions = new Map<number, StateRow>()
  for (let stack = 0; stack < stacks.length; stack++) {
    const parent = stacks.parent[stack]
    const from = parent === NONE ? ROOT_STATE : stateOfStack[parent]
    const func = frames.func[stacks.frame[stack]]
    const frameClass = func === NONE ? 0 : classOfFunc[func]
    const key = from * classes.length + frameClass
    let to = transitions.get(key)
    if (to === undefined) {
      to = states.after(from, frameClass)
      transitions.set(key, to)
    }
    stateOfStack[stack] = to
  }
  const statesOfBit = states.byBit()
  return {
    stateOfStack,
    stateCount: states.length,
    matches: (state, path) => states.has(state, automaton.acceptBit[path]),
    statesOf: (path) => statesOfBit[automaton.acceptBit[path]] ?? [],
    stepsOfFunc,
  }
}

function classifyFuncs(automaton: StackAutomaton, profile: Profile, names: FuncNames) {
  const { funcs, strings } = profile
  const classes: FrameClass[] = [{ steps: NO_STEPS, isElided: false }]
  const classOfKey = new Map<string, number>([['', 0]])
  const classOfFunc = new Int32Array(funcs.length)
  const stepsOfFunc: (readonly StepRow[])[] = []
  const elided = new Set(automaton.elidedAtoms)
  for (let func = 0; func < funcs.length; func++) {
    const file = strings[funcs.file[func]]
    const atoms = automaton.atoms.match(names.names[func], names.aliases[func], file)
    const key = atoms.join(' ')
    let frameClass = classOfKey.get(key)
    if (frameClass === undefined) {
      const isElided = atoms.some((atom) => elided.has(atom))
      frameClass = classes.push({ steps: automaton.stepsOf(atoms), isElided }) - 1
      classOfKey.set(key, frameClass)
    }
    classOfFunc[func] = frameClass
    stepsOfFunc.push(classes[frameClass].steps)
  }
  return { classes, classOfFunc, stepsOfFunc }
}

/** The states met so far, as rows of bits. */
class StateTable {
  readonly #automaton: StackAutomaton
  readonly #classes: readonly FrameClass[]
  readonly #wordCount: number
  readonly #states: Uint32Array[] = []
  readonly #rowOfKey = new Map<string, StateRow>()
  readonly #sticky: Uint32Array
  readonly #pending: Uint32Array

  constructor(automaton: StackAutomaton, classes: readonly FrameClass[]) {
    this.#automaton = automaton
    this.#classes = classes
    this.#wordCount = Math.max(1, Math.ceil(automaton.bitCount / 32))
    this.#sticky = this.#bits(automaton.sticky)
    this.#pending = this.#bits(automaton.pending)
    // Not among the keyed ones: a path from the root starts here, and not where all bits are gone again.
    this.#states.push(this.#bits([]))
  }

  get length(): number {
    return this.#states.length
  }

  has(state: StateRow, bit: number): boolean {
    return ((this.#states[state][bit >>> 5] >>> (bit & 31)) & 1) === 1
  }

  /** By bit, the states that have it. */
  byBit(): readonly (readonly StateRow[])[] {
    const byBit: StateRow[][] = []
    for (const [state, bits] of this.#states.entries()) {
      for (let word = 0; word < bits.length; word++) {
        for (let rest = bits[word]; rest !== 0; rest &= rest - 1) {
          const bit = word * 32 + 31 - Math.clz32(rest & -rest)
          ;(byBit[bit] ??= []).push(state)
        }
      }
    }
    return byBit
  }

  after(from: StateRow, frameClass: number): StateRow {
    const { steps, isElided } = this.#classes[frameClass]
    const before = this.#states[from]
    const bits = new Uint32Array(this.#wordCount)
    for (let word = 0; word < bits.length; word++) {
      const kept = this.#sticky[word] | (isElided ? this.#pending[word] : 0)
      bits[word] = before[word] & kept
    }
    for (const row of steps) {
      const step = this.#automaton.steps[row]
      const isOpen = step.from === -1 || this.has(from, step.from)
      if (!isOpen || (step.isFromRoot && from !== ROOT_STATE)) continue
      bits[step.bit >>> 5] |= 1 << (step.bit & 31)
    }
    return this.#rowOf(bits)
  }

  #rowOf(bits: Uint32Array): StateRow {
    const key = bits.join(' ')
    const known = this.#rowOfKey.get(key)
    if (known !== undefined) return known
    this.#rowOfKey.set(key, this.#states.length)
    return this.#states.push(bits) - 1
  }

  #bits(set: readonly number[]): Uint32Array {
    const bits = new Uint32Array(this.#wordCount)
    for (const bit of set) bits[bit >>> 5] |= 1 << (bit & 31)
    return bits
  }
}
