import { expect, test } from 'vitest'
import {
  checkProfile,
  cutName,
  markCutStacks,
  NONE,
  openView,
  profileFromFolded,
  readViewQuery,
  SampleTypeError,
} from '../../../profile/index.ts'
import type { CallTree, Profile, ViewQuery } from '../../../profile/index.ts'
import { cpu } from './folded.ts'

const compile = (source: string) => new RegExp(source)

function viewOf(folded: string, query: ViewQuery) {
  const profile = profileFromFolded(folded, [{ type: 'samples', unit: 'count' }, cpu])
  return openView(profile, readViewQuery(profile, query, compile))
}

test('filters change what is shown, never the total that shares are of', () => {
  const view = viewOf('a; x 1 10\na; y 2 20\nb 3 30', { f: 'x|y', i: 'y' })
  expect(view.total).toEqual({ value: 60, exact: 60n })
  expect(view.filteredTotal.value).toBe(10)
  expect(view.tree.cum[0]).toBe(10)
})

test('a hidden frame gives its time to its caller', () => {
  const { tree } = viewOf('a; x; y 0 5', { h: '^y$' })
  expect([...tree.flat]).toEqual([0, 0, 5])
})

test('the last sample type is shown unless another is asked for, by name or row', () => {
  expect(viewOf('a 1 10', {}).sampleType.type).toBe('cpu')
  expect(viewOf('a 1 10', { si: 'samples' }).tree.cum[0]).toBe(1)
  expect(viewOf('a 1 10', { si: '0' }).tree.cum[0]).toBe(1)
  expect(() => viewOf('a 1 10', { si: 'alloc_space' })).toThrow(SampleTypeError)
  expect(() => viewOf('a 1 10', { si: '2' })).toThrow('samples, cpu')
})

test('frames are distinguished as finely as requested', () => {
  const folded = 'f @/src/a.go:1 0 1\nf @/src/a.go:2 0 2\nf @/src/b.go:1 0 4'
  const namesBy = (g: NonNullable<ViewQuery['g']>) => viewOf(folded, { g }).tree.names.slice(0, -1)
  expect(namesBy('functions')).toEqual(['f'])
  expect(namesBy('files')).toEqual(['/src/a.go', '/src/b.go'])
  expect(namesBy('filefunctions')).toEqual(['f /src/a.go', 'f /src/b.go'])
  expect(namesBy('lines')).toEqual(['f /src/a.go:1', 'f /src/a.go:2', 'f /src/b.go:1'])
})

test('normalised names make one function of those that differ in type arguments', () => {
  const { tree } = viewOf(
    's.(*Store[go.shape.int]).List 0 1\ns.(*Store[go.shape.string]).List 0 2',
    {},
  )
  expect(tree.names).toEqual(['s.(*Store[...]).List', 'root'])
  expect(tree.cum[1]).toBe(3)
})

test('a stack that lost its root hangs from a frame that says so', () => {
  const profile = profileFromFolded('a; b 1\nx; y 2\na; b 4', cpu)
  const marked = markCutStacks(profile, Uint8Array.of(0, 1, 0), 64)
  checkProfile(marked)
  const { tree } = openView(marked, readViewQuery(marked, {}, compile))
  const rows = Array.from(tree.name, (name, node) => [tree.names[name], tree.parent[node]])
  expect(rows).toEqual([
    ['root', -1],
    ['a', 0],
    ['b', 1],
    [cutName(64), 0],
    ['x', 3],
    ['y', 4],
  ])
})

test('a profile without cut stacks stays as it is', () => {
  const profile = profileFromFolded('a 1', cpu)
  expect(markCutStacks(profile, new Uint8Array(1), 64)).toBe(profile)
})

test('labels become frames at the root or at the leaf', () => {
  const plain = profileFromFolded('a; b 0 1\na; b 0 2', [{ type: 'samples', unit: 'count' }, cpu])
  const key = plain.strings.length
  const labelled: Profile = {
    ...plain,
    strings: [...plain.strings, 'verb', 'LIST'],
    labelSets: {
      length: 2,
      labelStart: Uint32Array.of(0, 0, 1),
      key: Uint32Array.of(key),
      text: Int32Array.of(key + 1),
      number: BigInt64Array.of(0n),
      unit: Uint32Array.of(0),
    },
    samples: { ...plain.samples, labelSet: plain.samples.labelSet.map((_, sample) => sample) },
  }
  const pathsBy = (query: ViewQuery) => {
    const { tree } = openView(labelled, readViewQuery(labelled, query, compile))
    return [...tree.parent.keys()]
      .filter((node) => tree.flat[node] > 0)
      .map((node) => pathTo(tree, node))
  }
  expect(pathsBy({ tr: 'verb' }).sort()).toEqual(['root;<unknown>;a;b', 'root;LIST;a;b'])
  expect(pathsBy({ tl: 'verb' }).sort()).toEqual(['root;a;b;<unknown>', 'root;a;b;LIST'])
})

test('tagshow goes by both of its short names', () => {
  const plain = profileFromFolded('a 0 1', [{ type: 'samples', unit: 'count' }, cpu])
  for (const query of [{ ts: 'verb' }, { st: 'verb' }]) {
    expect(readViewQuery(plain, query, compile).filters?.[0]?.tagShow?.test('verb')).toBe(true)
  }
})

function pathTo(tree: CallTree, node: number): string {
  const names: string[] = []
  for (let at = node; at !== NONE; at = tree.parent[at]) names.push(tree.names[tree.name[at]])
  return names.reverse().join(';')
}
