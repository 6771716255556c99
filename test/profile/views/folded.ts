import * as fc from 'fast-check'
import { openView, profileFromFolded } from '../../../profile/index.ts'
import type { CallTree, View } from '../../../profile/index.ts'

export const cpu = { type: 'cpu', unit: 'nanoseconds' }

export function viewOf(folded: string): View {
  return openView(profileFromFolded(folded, cpu), {
    sampleTypeIndex: 0,
    granularity: 'functions',
    hasInlines: true,
  })
}

export function treeOf(folded: string): CallTree {
  return viewOf(folded).tree
}

/** Lines of folded stacks over few names, so that stacks share callers, recur and merge. */
export const arbitraryFolded = fc.array(
  fc
    .tuple(
      fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 0, max: 50 }),
    )
    .map(([names, value]) => `${names.join('; ')} ${value}`),
  { maxLength: 30 },
)

/** The node that the names lead to from the root. */
export function nodeAt(tree: CallTree, path: readonly string[]): number {
  let node = 0
  for (const name of path) {
    let child = node + 1
    while (child < tree.end[node] && tree.names[tree.name[child]] !== name) child = tree.end[child]
    if (child >= tree.end[node]) throw new Error(`no ${name} in ${path.join('; ')}`)
    node = child
  }
  return node
}
