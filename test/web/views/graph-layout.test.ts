import { expect, test } from 'vitest'
import { layoutGraph } from '../../../web/graph-layout/layout-graph.ts'
import { nodeBox } from '../../../web/graph-layout/node-box.ts'
import { linePath } from '../../../web/graph-view/line-path.ts'
import { nodeBeside } from '../../../web/graph-view/node-beside.ts'

const BOX = { widthPx: 100, heightPx: 50 }
const EDGES = [
  { caller: 0, callee: 1, share: 0.6, textPx: 40 },
  { caller: 0, callee: 2, share: 0.4, textPx: 0 },
  { caller: 1, callee: 3, share: 0.3, textPx: 0 },
  { caller: 2, callee: 3, share: 0.1, textPx: 0 },
]

test('callers lie above callees, no box covers another, and lines lead from box to box', () => {
  const placed = layoutGraph({ nodes: [BOX, BOX, BOX, BOX], edges: EDGES })
  for (const { caller, callee } of EDGES) {
    expect(placed.nodes[caller]?.yPx).toBeLessThan((placed.nodes[callee]?.yPx ?? 0) - 50)
  }
  const [, left, right] = placed.nodes
  expect(Math.abs((left?.xPx ?? 0) - (right?.xPx ?? 0))).toBeGreaterThan(100)
  for (const { xPx, yPx } of placed.nodes) {
    expect(xPx - 50).toBeGreaterThanOrEqual(0)
    expect(xPx + 50).toBeLessThanOrEqual(placed.widthPx)
    expect(yPx + 25).toBeLessThanOrEqual(placed.heightPx)
  }
  for (const { points } of placed.edges) {
    expect(points.length).toBeGreaterThan(1)
    expect(linePath(points)).toMatch(/^M[\d. ]+([QL][\d. ]+)+$/)
  }
})

test('functions that call each other, and a graph without any, are placed too', () => {
  const both = [
    { caller: 0, callee: 1, share: 1, textPx: 0 },
    { caller: 1, callee: 0, share: 1, textPx: 0 },
  ]
  expect(layoutGraph({ nodes: [BOX, BOX], edges: both }).edges).toHaveLength(2)
  expect(layoutGraph({ nodes: [], edges: [] })).toMatchObject({ nodes: [], edges: [] })
})

test('a box has a line for the package, the receiver and the function, larger with a larger flat value', () => {
  const sizes = { unit: 'nanoseconds', total: 100e6, flatMax: 40e6 }
  const name = 'k8s.io/apiserver/pkg/storage/etcd3.(*store).GetList.func1'
  const big = nodeBox({ name, flat: 40e6, cum: 80e6, ...sizes })
  expect(big.title).toEqual(['etcd3', '(*store)', 'GetList.func1'])
  expect(big.amounts).toEqual(['40.0 ms (40%)', 'of 80.0 ms (80%)'])
  const none = nodeBox({ name, flat: 0, cum: 80e6, ...sizes })
  expect(none.amounts).toEqual(['0 of 80.0 ms (80%)'])
  expect(none.widthPx).toBeLessThan(big.widthPx)
})

test('names of 10,000 characters and hidden characters are cut and shown', () => {
  const input = { flat: 1, cum: 1, unit: 'count', total: 1, flatMax: 1 }
  const { title, widthPx } = nodeBox({ name: 'x'.repeat(10_000), ...input })
  expect(title[0]).toHaveLength(40)
  expect(widthPx).toBeLessThan(700)
  expect(nodeBox({ name: 'a\u202eb', ...input }).title).toEqual(['a[U+202E]b'])
  const width = (name: string) => nodeBox({ name, ...input }).widthPx
  expect(width('中'.repeat(30))).toBeGreaterThan(width('x'.repeat(30)) * 1.8)
})

test('arrow keys lead to the heaviest caller and callee, and to the box beside', () => {
  const { nodes, edges } = layoutGraph({ nodes: [BOX, BOX, BOX, BOX], edges: EDGES })
  const reply = { edges: EDGES, nodes: nodes.map((node) => ({ ...node, ...BOX })) }
  expect(nodeBeside(reply, 0, 'ArrowDown')).toBe(1)
  expect(nodeBeside(reply, 3, 'ArrowUp')).toBe(1)
  expect(nodeBeside(reply, 0, 'ArrowUp')).toBeNull()
  const isLeft = (nodes[1]?.xPx ?? 0) < (nodes[2]?.xPx ?? 0)
  expect(nodeBeside(reply, 1, isLeft ? 'ArrowRight' : 'ArrowLeft')).toBe(2)
  expect(edges).toHaveLength(4)
})
