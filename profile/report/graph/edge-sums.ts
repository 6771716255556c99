import { grown, int32 } from '../../columns/growing-column.ts'

/** What is known of an edge, side by side so that one look into memory finds it. */
const ROW = { caller: 0, callee: 1, coveredUntil: 2, marks: 3 } as const
const ROW_SIZE = 4

/** Marks of the calls that an edge stands for. */
export const MARK = {
  /** One of them was not inlined. */
  isOutOfLine: 1,
  /** Between the two of one of them is a node that is not shown. */
  isResidual: 2,
} as const

/** Edges between nodes, in order of appearance, as stacks in depth-first order are walked. */
export class EdgeSums {
  length = 0
  /** Each with a row per edge. */
  readonly weights: Float64Array[]
  #rows = int32(ROW_SIZE * 256)
  /** Open addressing: an edge, plus one; 0 is free. */
  #slots = int32(1024)

  constructor(partCount: number) {
    this.weights = Array.from({ length: partCount }, () => new Float64Array(256))
  }

  /** The edge from `caller` to `callee`. */
  edgeOf(caller: number, callee: number): number {
    const rows = this.#rows
    const mask = this.#slots.length - 1
    let slot = hash(caller, callee) & mask
    for (let edge = this.#slots[slot]; edge !== 0; edge = this.#slots[slot]) {
      const at = (edge - 1) * ROW_SIZE
      if (rows[at] === caller && rows[at + ROW.callee] === callee) return edge - 1
      slot = (slot + 1) & mask
    }
    this.#slots[slot] = this.length + 1
    return this.#add(caller, callee)
  }

  /**
   * Whether the stacks from `position` up to `end` have not been counted as part of an outer call of the same edge. They
   * have been from now on.
   */
  cover(edge: number, position: number, end: number): boolean {
    const at = edge * ROW_SIZE + ROW.coveredUntil
    if (position < this.#rows[at]) return false
    this.#rows[at] = end
    return true
  }

  mark(edge: number, marks: number): void {
    this.#rows[edge * ROW_SIZE + ROW.marks] |= marks
  }

  callers(): Int32Array {
    return this.#column(ROW.caller)
  }

  callees(): Int32Array {
    return this.#column(ROW.callee)
  }

  /** For each edge 1 where it has this mark. */
  marked(mark: number): Uint8Array {
    return Uint8Array.from(this.#column(ROW.marks), (marks) => ((marks & mark) === 0 ? 0 : 1))
  }

  #column(offset: number): Int32Array {
    const column = int32(this.length)
    for (let edge = 0; edge < column.length; edge++) {
      column[edge] = this.#rows[edge * ROW_SIZE + offset]
    }
    return column
  }

  #add(caller: number, callee: number): number {
    const at = this.length * ROW_SIZE
    if (at === this.#rows.length) {
      this.#rows = grown(this.#rows, int32)
    }
    for (const [part, weight] of this.weights.entries()) {
      if (this.length < weight.length) break
      this.weights[part] = grown(weight, (length) => new Float64Array(length))
    }
    this.#rows[at] = caller
    this.#rows[at + ROW.callee] = callee
    this.length++
    if (this.length * 2 > this.#slots.length) this.#rehash()
    return this.length - 1
  }

  #rehash(): void {
    this.#slots = int32(this.#slots.length * 2)
    const mask = this.#slots.length - 1
    for (let edge = 0; edge < this.length; edge++) {
      const at = edge * ROW_SIZE
      let slot = hash(this.#rows[at], this.#rows[at + ROW.callee]) & mask
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
      this.#slots[slot] = edge + 1
    }
  }
}

function hash(caller: number, callee: number): number {
  const mixed = Math.imul(caller + 1, 0x9e3779b1) ^ Math.imul(callee + 1, 0x85ebca6b)
  return mixed ^ (mixed >>> 15)
}
