import { type AtomEntry, AtomIndex, type AtomIndexRow } from './atom-index.ts'
import { atomKey, type PathPattern } from './path-pattern.ts'

export type PathRow = number
export type StepRow = number

/** Frames that stand between caller and callee without being either, so a `/` step reaches over them. */
const ELIDED: readonly string[] = ['runtime.systemstack', 'net/http.HandlerFunc.ServeHTTP']

/** An automaton as plain data, to be kept. */
export interface AutomatonImage {
  readonly atoms: readonly AtomEntry[]
  readonly steps: readonly Step[]
  readonly sticky: readonly number[]
  readonly pending: readonly number[]
  readonly acceptBit: readonly number[]
  readonly pathTexts: readonly string[]
  readonly pathKeys: readonly string[]
  readonly bitCount: number
}

interface Step {
  readonly path: PathRow
  readonly isLast: boolean
  readonly atoms: readonly AtomIndexRow[]
  /** Bit of the state in which the steps before are done; `-1` for a path's first step. */
  readonly from: number
  readonly isFromRoot: boolean
  readonly bit: number
}

/**
 * All paths of a rule set in one program. A state is a set of bits, one for each path and number of steps done; it is
 * carried from the root of a stack to its leaf. `StackRun` runs it.
 */
export class StackAutomaton {
  readonly atoms: AtomIndex
  readonly steps: Step[]
  /** Bits that stay, once set. */
  readonly sticky: number[]
  /** Bits that wait for the very next frame. */
  readonly pending: number[]
  /** Bit that says a path matched. */
  readonly acceptBit: number[]
  /** As the paths were written. */
  readonly pathTexts: string[]
  readonly elidedAtoms: readonly AtomIndexRow[]
  bitCount: number
  readonly #rowOfPath: Map<string, PathRow>
  #stepsOfAtom: StepRow[][] | null = null

  /** Empty, or as it was kept. */
  constructor(image: AutomatonImage = EMPTY) {
    this.atoms = new AtomIndex(image.atoms)
    this.steps = [...image.steps]
    this.sticky = [...image.sticky]
    this.pending = [...image.pending]
    this.acceptBit = [...image.acceptBit]
    this.pathTexts = [...image.pathTexts]
    this.bitCount = image.bitCount
    this.#rowOfPath = new Map(image.pathKeys.map((key, row) => [key, row]))
    this.elidedAtoms = ELIDED.map((glob) => this.atoms.add({ kind: 'name', glob, isExact: true }))
  }

  get image(): AutomatonImage {
    const { steps, sticky, pending, acceptBit, pathTexts, bitCount } = this
    const pathKeys = [...this.#rowOfPath.keys()]
    const atoms = this.atoms.entries
    return { atoms, steps, sticky, pending, acceptBit, pathTexts, pathKeys, bitCount }
  }

  /** Adds a path. Equal paths share a row. */
  add(path: PathPattern): PathRow {
    const key = keyOf(path)
    const known = this.#rowOfPath.get(key)
    if (known !== undefined) return known
    let from = -1
    for (const [index, { atoms }] of path.steps.entries()) {
      const bit = this.bitCount++
      const next = path.steps.at(index + 1)
      if (next === undefined ? !path.isToLeaf : !next.isChild) this.sticky.push(bit)
      else if (next !== undefined) this.pending.push(bit)
      const rows = atoms.map((atom) => this.atoms.add(atom))
      this.steps.push({
        path: this.pathTexts.length,
        isLast: next === undefined,
        atoms: rows,
        from,
        isFromRoot: path.isFromRoot && index === 0,
        bit,
      })
      from = bit
    }
    this.#stepsOfAtom = null
    this.acceptBit.push(from)
    this.#rowOfPath.set(key, this.pathTexts.length)
    return this.pathTexts.push(path.text) - 1
  }

  /** The steps that a function of these atoms can be. */
  stepsOf(atoms: readonly AtomIndexRow[]): readonly StepRow[] {
    this.#stepsOfAtom ??= this.#indexSteps()
    const rows = new Set<StepRow>()
    for (const atom of atoms) for (const step of this.#stepsOfAtom[atom]) rows.add(step)
    return [...rows].sort((a, b) => a - b)
  }

  #indexSteps(): StepRow[][] {
    const index: StepRow[][] = Array.from({ length: this.atoms.length }, () => [])
    for (const [row, step] of this.steps.entries()) {
      for (const atom of step.atoms) index[atom].push(row)
    }
    return index
  }
}

const EMPTY: AutomatonImage = {
  atoms: [],
  steps: [],
  sticky: [],
  pending: [],
  acceptBit: [],
  pathTexts: [],
  pathKeys: [],
  bitCount: 0,
}

/** Equal for paths that mean the same, however they are written. */
function keyOf({ steps, isFromRoot, isToLeaf }: PathPattern): string {
  const parts = steps.map(
    ({ atoms, isChild }) => `${isChild ? '/' : '//'} ${atoms.map(atomKey).join(' | ')}`,
  )
  return `${isFromRoot ? '^' : ''}${parts.join(' ')}${isToLeaf ? '$' : ''}`
}
