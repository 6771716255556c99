import { expect, test } from 'vitest'
import { openView, profileFromFolded } from '../../../profile/index.ts'
import { pathKeys } from '../../../web/view-worker/path-keys.ts'

const samples = { type: 'samples', unit: 'count' }

function treeOf(folded: string) {
  const options = { sampleTypeIndex: 0, granularity: 'functions', hasInlines: true } as const
  return openView(profileFromFolded(folded, samples), options).tree
}

test('a key leads to the node it was made of', () => {
  const tree = treeOf('a;b;c 5\na;c;b 3\nb;a 1\na;b 2')
  const { keyOf, nodeOf } = pathKeys(tree)
  const keys = Array.from({ length: tree.length }, (_, node) => keyOf(node))
  expect(new Set(keys).size).toBe(tree.length)
  expect(keys.map(nodeOf)).toEqual(keys.map((_, node) => node))
})

test('a path has one key in all profiles, whatever else they hold', () => {
  const one = treeOf('main;list;decode 5')
  const other = treeOf('gc 100\nmain;watch 50\nmain;list;decode 5')
  const name = other.names.indexOf('decode')
  const node = other.name.indexOf(name)
  expect(pathKeys(one).keyOf(3)).toBe(pathKeys(other).keyOf(node))
})

test('an unknown key leads nowhere, an empty one to the root', () => {
  const { nodeOf } = pathKeys(treeOf('a;b 1'))
  expect(nodeOf('zzzzzzzzzzzz')).toBeNull()
  expect(nodeOf('')).toBe(0)
})
