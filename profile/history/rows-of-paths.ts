import { grown, int32 } from '../columns/growing-column.ts'
import { StackInterner } from '../columns/stack-interner.ts'
import { NONE, type Profile } from '../types.ts'

/** Call paths as lists of numbers that stand for locations, root first, each as what it adds to the one before. */
export interface NumberedPaths {
  /** How many numbers each begins with as the one before. */
  readonly kept: Uint32Array
  /** Of each path, where its other numbers begin; one more for the end of the last. */
  readonly starts: Uint32Array
  readonly numbers: Uint32Array
}

export interface PathRows {
  readonly paths: NumberedPaths
  /** By number. */
  readonly locationOf: Uint32Array
  /** Of each path. */
  readonly labelSet: Uint32Array
}

/** Tables whose rows are these paths, in place of what rows they have. */
export function rowsOfPaths(tables: Profile, rows: PathRows): Profile {
  const { labelSet, paths } = rows
  const { length } = labelSet
  const sizeHint = Math.min(paths.numbers.length, 4 * length)
  const interner = new StackInterner(tables.locations.frameStart, sizeHint)
  const { stacks, stack } = interner.finish(internedPaths(interner, rows))
  const samples = { length, stack, labelSet, values: [], inferredDepth: null }
  return { ...tables, stacks, samples }
}

function internedPaths(interner: StackInterner, { paths, locationOf }: PathRows) {
  const { kept, starts, numbers } = paths
  const interned = int32(kept.length)
  /** Of the row before: the path after each of its numbers. */
  let steps = int32(128)
  for (let row = 0; row < interned.length; row++) {
    let count = kept[row]
    let path: number = count === 0 ? NONE : steps[count - 1]
    const end = starts[row + 1]
    while (steps.length < count + end - starts[row]) steps = grown(steps, int32)
    for (let at = starts[row]; at < end; at++) {
      path = interner.child(path, locationOf[numbers[at]])
      steps[count++] = path
    }
    interned[row] = path
  }
  return interned
}
