import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { flameView } from '../../../profile/index.ts'
import type { FlameFrame } from '../../../profile/index.ts'
import { arbitraryFolded, nodeAt, treeOf } from './folded.ts'

const all = { focusNode: 0, framesMax: 800, widthPx: null }

test('a small tree is drawn whole, callers before callees', () => {
  const { frames, frameCount } = flameView(treeOf('a; b 3\na; c 1\nd 2'), all)
  expect(frames.map(textOf)).toEqual(['root 6 -1', 'a 4 0', 'b 3 1', 'c 1 1', 'd 2 0'])
  expect(frameCount).toBe(5)
})

test('what is left out becomes one filler in its caller', () => {
  const folded = ['a; hot 90', ...Array.from({ length: 20 }, (_, i) => `a; small${i} 1`)].join('\n')
  const { frames } = flameView(treeOf(folded), { ...all, framesMax: 6 })
  expect(frames.slice(0, 3).map(textOf)).toEqual(['root 110 -1', 'a 110 0', 'hot 90 1'])
  const filler = frames.find((frame) => frame.isOther)
  expect(filler).toMatchObject({ parent: 1, name: 'other' })
  expect((filler?.hiddenCount ?? 0) + frames.length - 4).toBe(20)
  expect(frames.length).toBeLessThanOrEqual(6)
})

test('frames narrower than half a pixel are left out', () => {
  const { frames } = flameView(treeOf('a; hot 1000\na; thin 1'), { ...all, widthPx: 400 })
  expect(frames.map(textOf)).toEqual(['root 1001 -1', 'a 1001 0', 'hot 1000 1'])
})

test('a focus keeps its callers, marked, and none of their other callees', () => {
  const tree = treeOf('a; b; c 3\na; x 9')
  const { frames, focusRow } = flameView(tree, { ...all, focusNode: nodeAt(tree, ['a', 'b']) })
  expect(frames.map(textOf)).toEqual(['root 12 -1', 'a 12 0', 'b 3 1', 'c 3 2'])
  expect(frames.map((frame) => frame.isAncestor ?? false)).toEqual([true, true, false, false])
  expect(focusRow).toBe(2)
})

test('a pruned graph keeps to its limit, keeps the callers of what it draws and changes no number', () => {
  fc.assert(
    fc.property(arbitraryFolded, fc.integer({ min: 1, max: 30 }), (lines, framesMax) => {
      const tree = treeOf(lines.join('\n'))
      const { frames } = flameView(tree, { ...all, framesMax })
      expect(frames.length).toBeLessThanOrEqual(framesMax)
      const drawn = frames.filter((frame) => !frame.isOther)
      for (const { node, flat, cum } of drawn) {
        expect([flat, cum]).toEqual([tree.flat[node], tree.cum[node]])
      }
      for (const { node, parent } of drawn.slice(1)) {
        expect(frames[parent].node).toBe(tree.parent[node])
      }
      for (const [row, { flat, cum }] of drawn.entries()) {
        const callees = frames.filter((frame) => frame.parent === row)
        const below = callees.reduce((sum, callee) => sum + callee.cum, 0)
        expect(flat + below).toBeLessThanOrEqual(cum)
      }
    }),
  )
})

function textOf(frame: FlameFrame): string {
  return `${frame.name} ${frame.cum} ${frame.parent}`
}
