import { expect, test } from 'vitest'
import { callGraph, openView, profileFromFolded } from '../../profile/index.ts'

const ALL = { nodeCount: 0, nodeShareMin: 0, edgeShareMin: 0 }

test('a call is an edge, with what was measured below it once, however often it recurses', () => {
  const graph = graphOf('a;b;a;b 3\na;b 2\na;c 5', ALL)
  expect(graph.nodes).toEqual(
    expect.arrayContaining([
      { name: 'a', flat: 0, cum: 10 },
      { name: 'b', flat: 5, cum: 5 },
      { name: 'c', flat: 5, cum: 5 },
    ]),
  )
  expect(callsOf(graph)).toEqual({ 'a b': 5, 'a c': 5, 'b a': 3 })
})

test('a function without room leaves an edge between its neighbours, marked as going via others', () => {
  const graph = graphOf('main;wrap;leaf 6\nmain;leaf 4\nmain;other 10', { ...ALL, nodeCount: 3 })
  expect(graph.nodes.map(({ name }) => name).toSorted()).toEqual(['leaf', 'main', 'other'])
  expect(callsOf(graph)).toEqual({ 'main leaf': 10, 'main other': 10 })
  expect(graph.edges.filter(({ isResidual }) => isResidual)).toHaveLength(1)
  expect(graph).toMatchObject({ funcCount: 4, smallCount: 0 })
})

test('what is below the smallest share is left out and counted', () => {
  const options = { ...ALL, nodeShareMin: 0.05, edgeShareMin: 0.05 }
  const graph = graphOf('main;big 97\nmain;small 3', options)
  expect(callsOf(graph)).toEqual({ 'main big': 97 })
  expect(graph).toMatchObject({ funcCount: 3, smallCount: 1 })
})

test('the calls of a difference keep their signs', () => {
  expect(callsOf(graphOf('main;grew 5\nmain;shrank -8', ALL))).toEqual({
    'main grew': 5,
    'main shrank': -8,
  })
})

test('nothing measured is an empty graph', () => {
  expect(graphOf('', ALL)).toEqual({ nodes: [], edges: [], funcCount: 0, smallCount: 0 })
})

function graphOf(folded: string, options: Parameters<typeof callGraph>[1]) {
  const profile = profileFromFolded(folded, [{ type: 'samples', unit: 'count' }])
  const view = openView(profile, {
    sampleTypeIndex: 0,
    granularity: 'functions',
    hasInlines: true,
  })
  return callGraph(view, options)
}

function callsOf({ nodes, edges }: ReturnType<typeof callGraph>) {
  return Object.fromEntries(
    edges.map(({ caller, callee, weight }) => [
      `${nodes[caller]?.name} ${nodes[callee]?.name}`,
      weight,
    ]),
  )
}
