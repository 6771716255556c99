import { expect, test } from 'vitest'
import { type CallTree, diffTree, openView, profileFromFolded } from '../../../profile/index.ts'

function treeOf(folded: string): CallTree {
  const profile = profileFromFolded(folded, [{ type: 'samples', unit: 'count' }])
  return openView(profile, { sampleTypeIndex: 0, granularity: 'functions', hasInlines: true }).tree
}

test('two trees become one, with the values of each; what is gone has a place too', () => {
  const before = treeOf('main;gone 4\nmain;both 2')
  const after = treeOf('main;both 6\nmain;new 3')
  const { tree, ...values } = diffTree(before, after, { before: 2, after: 3 })
  const rows = [...tree.name].map((name, node) => [
    tree.names[name],
    values.before[node],
    values.after[node],
    tree.cum[node],
  ])
  expect(rows).toEqual([
    ['root', 3, 3, 6],
    ['main', 3, 3, 6],
    ['both', 1, 2, 3],
    ['gone', 2, 0, 2],
    ['new', 0, 1, 1],
  ])
})
