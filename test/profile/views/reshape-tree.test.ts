import { expect, test } from 'vitest'
import {
  type CallTree,
  flameView,
  hasLongChain,
  heaviestPath,
  openView,
  parseFilterSteps,
  pprofRuns,
  profileFromFolded,
  reshapeTree,
  ROOT,
  sandwichView,
  treeRows,
} from '../../../profile/index.ts'

const SAMPLES = [{ type: 'samples', unit: 'count' }]

function treeOf(folded: string): CallTree {
  const profile = profileFromFolded(folded, SAMPLES)
  return openView(profile, { sampleTypeIndex: 0, granularity: 'functions', hasInlines: true }).tree
}

function linesOf(tree: CallTree): string[] {
  const paths: string[] = []
  return [...tree.name].flatMap((name, node) => {
    const above = node === ROOT ? '' : paths[tree.parent[node]]
    paths[node] = node === ROOT ? '' : `${above}${above === '' ? '' : ';'}${tree.names[name]}`
    return tree.flat[node] === 0 ? [] : [`${paths[node]} ${tree.flat[node]}`]
  })
}

test('hidden frames leave their cost to their caller, and their callees move up', () => {
  const tree = treeOf('main;wrap;work 3\nmain;wrap 1\nmain;work 2')
  const shaped = reshapeTree(tree, { hidden: { test: (name) => name === 'wrap' } })
  expect(linesOf(shaped).sort()).toEqual(['main 1', 'main;work 5'])
  expect(shaped.cum[ROOT]).toBe(6)
})

test('recursion keeps the outermost call, whatever lies between', () => {
  const tree = treeOf('main;f;g;f;f;leaf 3\nmain;f;g 1')
  const shaped = reshapeTree(tree, { recursive: { test: (name) => name === 'f' } })
  expect(linesOf(shaped).sort()).toEqual(['main;f;g 1', 'main;f;leaf 3'])
})

test('a collapsed package keeps the function through which calls enter it', () => {
  const tree = treeOf(
    'main.main;x/enc.Marshal;x/enc.write;os.Write 3\nmain.main;x/enc.Marshal;x/enc.grow 2',
  )
  const shaped = reshapeTree(tree, { packages: { test: (path) => path === 'x/enc' } })
  expect(linesOf(shaped).sort()).toEqual([
    'main.main;x/enc.Marshal 2',
    'main.main;x/enc.Marshal;os.Write 3',
  ])
})

test('a chain is long from two dozen wrappers on, where it is a part worth looking at', () => {
  expect(hasLongChain(treeOf(`main;${chain(24)};work 10`))).toBe(true)
  expect(hasLongChain(treeOf(`main;${chain(23)};work 10`))).toBe(false)
  expect(hasLongChain(treeOf(`main;${chain(24)};work 1\nmain;other 99`))).toBe(false)
})

test('frames with negative values are never wider than their caller', () => {
  const tree = treeOf('main;grew 50\nmain;shrank -60')
  const { frames } = flameView(tree, { focusNode: ROOT, framesMax: 10, widthPx: 1000 })
  const weights = new Map(frames.map(({ name, weight }) => [name, weight]))
  expect(weights).toEqual(
    new Map([
      ['root', 110],
      ['main', 110],
      ['shrank', 60],
      ['grew', 50],
    ]),
  )
  expect(frames.find(({ name }) => name === 'shrank')?.cum).toBe(-60)
})

test('a range of the focus is drawn in more detail', () => {
  const tree = treeOf('main;wide 900\nmain;a 60\nmain;b 40')
  const options = { focusNode: ROOT, framesMax: 10, widthPx: 100, framePxMin: 5 }
  const namesOf = (more = {}) =>
    flameView(tree, { ...options, ...more }).frames.map(({ name }) => name)
  expect(namesOf()).toEqual(['root', 'main', 'wide', 'a', 'other'])
  expect(namesOf({ range: { from: 0.9, to: 1 } })).toEqual(['root', 'main', 'a', 'b'])
})

test('a sandwich has all callers and callees of a function, and counts recursion once', () => {
  const tree = treeOf('main;a;f;x 3\nmain;b;f;f;y 2\nmain;c 9')
  const { callers, callees } = sandwichView(tree, (name) => name === 'f', 'f')
  expect(linesOf(callers).sort()).toEqual(['a;main 3', 'b;main 2'])
  expect(linesOf(callees).sort()).toEqual(['f;y 2', 'x 3'])
  expect([callers.cum[ROOT], callees.cum[ROOT]]).toEqual([5, 5])
})

test('the callers of several calls below one deep stack have room', () => {
  const deep = Array.from({ length: 40 }, (_, level) => `d${level}`).join(';')
  const tree = treeOf(['f', 'g;f', 'h;f', 'i;f'].map((end) => `${deep};${end} 1`).join('\n'))
  const { callers } = sandwichView(tree, (name) => name === 'f', 'f')
  expect(callers.length).toBe(1 + 4 * 40 + 3)
})

test('an outline has the calls below what is open, each with its place', () => {
  const tree = treeOf('main;a;x 3\nmain;b 1')
  const rows = treeRows(tree, (node) => tree.names[tree.name[node]] === 'main')
  expect(
    rows.map(({ name, level, place, siblingCount }) => [name, level, place, siblingCount]),
  ).toEqual([
    ['main', 1, 1, 1],
    ['a', 2, 1, 2],
    ['b', 2, 2, 2],
  ])
  expect(heaviestPath(tree).map((node) => tree.names[tree.name[node]])).toEqual(['main', 'a', 'x'])
})

test('filters are grouped into what one call of pprof can apply', () => {
  const steps = parseFilterSteps('f a\nh b\n-i c\nf d\ncr e\nnonsense\nh ')
  expect(steps).toEqual([
    { kind: 'f', pattern: 'a' },
    { kind: 'h', pattern: 'b' },
    { kind: 'i', pattern: 'c', isOff: true },
    { kind: 'f', pattern: 'd' },
    { kind: 'cr', pattern: 'e' },
  ])
  expect(pprofRuns(steps).map((run) => run.map(({ kind, pattern }) => kind + pattern))).toEqual([
    ['fa', 'hb'],
    ['fd'],
  ])
})

function chain(length: number): string {
  return Array.from({ length }, () => 'net/http.HandlerFunc.ServeHTTP').join(';')
}
