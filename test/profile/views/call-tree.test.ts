import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { NONE, openView, profileFromFolded, sumByName, topView } from '../../../profile/index.ts'
import type { CallTree } from '../../../profile/index.ts'
import { buildProfile } from '../profile-drafts.ts'
import { arbitraryFolded, cpu, treeOf } from './folded.ts'

test('frames of one name under one caller are one node, heaviest callee first', () => {
  const tree = treeOf(
    'main @/a.go:1; small 1\n main @/a.go:2; big 5\n main @/a.go:1; big @/b.go:9 2',
  )
  expect(rowsOf(tree)).toEqual(['root 0/8', 'main 0/8', 'big 7/7', 'small 1/1'])
})

test('callees of one value are ordered by name', () => {
  expect(rowsOf(treeOf('b 1\na 1\nc 1'))).toEqual(['root 0/3', 'a 1/1', 'b 1/1', 'c 1/1'])
})

test('a sample without a value leaves no node', () => {
  expect(rowsOf(treeOf('a; idle 0\na 2'))).toEqual(['root 0/2', 'a 2/2'])
})

test('a stack that recurs counts once towards the cum of its function', () => {
  const tree = treeOf('walk; walk; walk; leaf 5')
  const { rows } = topView(tree, { sort: 'cum', rowsMax: 10, rowsSkipped: 0, totalValue: 5 })
  expect(rows.map(({ name, flat, cum }) => [name, flat, cum])).toEqual([
    ['leaf', 5, 5],
    ['walk', 0, 5],
  ])
})

test('calls of a function are inlined on all paths, on some or on none', () => {
  const funcs = ['main', 'serve', 'grow', 'base'].map((name) => ({ name, file: '' }))
  const lines = [[3, 0], [2, 0], [2], [1]]
  const profile = buildProfile({
    types: [['cpu', 'nanoseconds']],
    mappings: [],
    funcs,
    locations: lines.map((names) => ({
      mapping: NONE,
      address: 0n,
      lines: names.map((func) => ({ func, line: 1 })),
    })),
    samples: [[0], [1], [2, 3]].map((locations) => ({ locations, values: [1n], labels: [] })),
    timeNs: 0n,
    comments: [],
  })
  const { tree } = openView(profile, {
    sampleTypeIndex: 0,
    granularity: 'functions',
    hasInlines: true,
  })
  const { rows } = topView(tree, { sort: 'flat', rowsMax: 10, rowsSkipped: 0, totalValue: 3 })
  expect(Object.fromEntries(rows.map(({ name, inlined }) => [name, inlined]))).toEqual({
    main: 'none',
    serve: 'none',
    grow: 'some',
    base: 'all',
  })
})

test('values beyond 2^53 are summed exactly before they are rounded', () => {
  const tree = treeOf(`a; x ${2n ** 53n}\na; y 1\na; z 1`)
  expect(tree.cum[1]).toBe(2 ** 53 + 2)
})

test('the flats of all nodes sum to the total, and every cum is its flat and its callees', () => {
  fc.assert(
    fc.property(arbitraryFolded, (lines) => {
      const tree = treeOf(lines.join('\n'))
      const below = new Float64Array(tree.length)
      for (let node = tree.length - 1; node >= 0; node--) {
        below[node] += tree.flat[node]
        expect(below[node]).toBe(tree.cum[node])
        expect(tree.cum[node]).toBeGreaterThanOrEqual(tree.flat[node])
        if (node > 0) below[tree.parent[node]] += below[node]
      }
      const total = lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
      expect(tree.cum[0]).toBe(total)
      const { flat, cum } = sumByName(tree)
      expect(flat.reduce((sum, value) => sum + value, tree.flat[0])).toBe(total)
      flat.forEach((value, name) => expect(cum[name]).toBeGreaterThanOrEqual(value))
      expect(Math.max(0, ...cum)).toBeLessThanOrEqual(total)
    }),
  )
})

test('nodes lie depth first: the subtree of a node is the rows up to its end', () => {
  fc.assert(
    fc.property(arbitraryFolded, (lines) => {
      const tree = treeOf(lines.join('\n'))
      for (let node = 1; node < tree.length; node++) {
        expect(tree.parent[node]).toBeLessThan(node)
        expect(tree.end[node]).toBeLessThanOrEqual(tree.end[tree.parent[node]])
      }
    }),
  )
})

test('the order of the samples changes nothing', () => {
  fc.assert(
    fc.property(
      arbitraryFolded.chain((lines) =>
        fc.tuple(
          fc.constant(lines),
          fc.shuffledSubarray(lines, { minLength: lines.length, maxLength: lines.length }),
        ),
      ),
      ([lines, shuffled]) => {
        expect(rowsOf(treeOf(shuffled.join('\n')))).toEqual(rowsOf(treeOf(lines.join('\n'))))
      },
    ),
  )
})

test('a profile without samples is a root alone', () => {
  expect(profileFromFolded('', cpu).samples.length).toBe(0)
  expect(rowsOf(treeOf(''))).toEqual(['root 0/0'])
})

function rowsOf(tree: CallTree): string[] {
  return Array.from(
    { length: tree.length },
    (_, node) => `${tree.names[tree.name[node]]} ${tree.flat[node]}/${tree.cum[node]}`,
  )
}
