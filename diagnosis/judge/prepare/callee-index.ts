import { NONE, type StackIndex, type StackTable } from '../../../profile/index.ts'

/** Who is called by whom among the stacks of a profile: lists without objects. */
export interface CalleeIndex {
  readonly firstRoot: StackIndex
  /** `NONE` without a callee. */
  readonly firstCallee: Int32Array
  readonly nextSibling: Int32Array
}

export function indexCallees({ length, parent }: StackTable): CalleeIndex {
  const firstCallee = new Int32Array(length).fill(NONE)
  const nextSibling = new Int32Array(length).fill(NONE)
  let firstRoot = NONE
  for (let stack = length - 1; stack >= 0; stack--) {
    const caller = parent[stack]
    if (caller === NONE) {
      nextSibling[stack] = firstRoot
      firstRoot = stack
    } else {
      nextSibling[stack] = firstCallee[caller]
      firstCallee[caller] = stack
    }
  }
  return { firstRoot, firstCallee, nextSibling }
}
