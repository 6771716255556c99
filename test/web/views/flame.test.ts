import { expect, test } from 'vitest'
import { fitLabel, shorterNames } from '../../../web/flame/fit-label.ts'
import { type FlameTree, WHOLE_RANGE } from '../../../web/flame/flame-renderer.ts'
import { frameAt, frameBeside, placeFrames } from '../../../web/flame/place-frames.ts'
import { moveRange, zoomRange } from '../../../web/flame/zoom-range.ts'

const measure = (text: string) => text.length * 6

test('a label that does not fit loses its package first, then its receiver, then its end', () => {
  const names = shorterNames('k8s.io/apiserver/pkg/storage/etcd3.(*store).GetList')
  expect(names).toEqual(['etcd3.(*store).GetList', '(*store).GetList', 'GetList'])
  expect(fitLabel(names, 200, measure)).toBe('etcd3.(*store).GetList')
  expect(fitLabel(names, 100, measure)).toBe('(*store).GetList')
  expect(fitLabel(names, 50, measure)).toBe('GetList')
  expect(fitLabel(names, 36, measure)).toBe('GetLi…')
  expect(fitLabel(names, 12, measure)).toBe('')
})

test.each([
  ['main.main', ['main.main', 'main']],
  [
    'net/http.HandlerFunc.ServeHTTP',
    ['http.HandlerFunc.ServeHTTP', 'HandlerFunc.ServeHTTP', 'ServeHTTP'],
  ],
  ['slices.Sort[...]', ['slices.Sort[...]', 'Sort[...]']],
  ['memeqbody', ['memeqbody']],
])('the names of %s get shorter', (name, names) => {
  expect(shorterNames(name)).toEqual(names)
})

const frame = (name: string, parent: number, start: number, weight: number) => ({
  name,
  parent,
  start,
  weight,
  node: 0,
  key: name,
  flat: 0,
  cum: weight,
  subsystem: 'other' as const,
})

const TREE: FlameTree = {
  frames: [
    frame('root', -1, 0, 100),
    frame('a', 0, 0, 60),
    frame('b', 1, 0, 30),
    frame('c', 0, 60, 40),
  ],
  focusRow: 0,
  range: WHOLE_RANGE,
  widthPx: 1000,
  direction: 'icicle',
  colour: 'subsystem',
}

test('frames lie below their callers, in parts of the width', () => {
  const placed = placeFrames(TREE)
  expect([...placed.row]).toEqual([0, 1, 2, 1])
  expect([...placed.xPx]).toEqual([0, 0, 0, 600])
  expect([...placed.widthPx]).toEqual([1000, 600, 300, 400])
  expect(frameAt(placed, 650, 25)).toBe(3)
  expect(frameAt(placed, 650, 45)).toBe(-1)
})

test('a range fills the width', () => {
  const placed = placeFrames({ ...TREE, range: { from: 0.5, to: 1 } })
  expect([...placed.xPx]).toEqual([-1000, -1000, -1000, 200])
  expect([...placed.widthPx]).toEqual([2000, 1200, 600, 800])
})

test('arrow keys move by what is drawn, with the root on top and at the bottom', () => {
  const icicle = placeFrames(TREE)
  expect(frameBeside(icicle, 0, 'ArrowDown')).toBe(1)
  expect(frameBeside(icicle, 1, 'ArrowRight')).toBe(3)
  expect(frameBeside(icicle, 3, 'Home')).toBe(1)
  expect(frameBeside(icicle, 3, 'ArrowDown')).toBe(-1)
  const flame = placeFrames({ ...TREE, direction: 'flame' })
  expect(frameBeside(flame, 2, 'ArrowDown')).toBe(1)
})

test('zooming keeps the point under the pointer, and stays within the frame', () => {
  expect(zoomRange(WHOLE_RANGE, 0.5, 0.5)).toEqual({ from: 0.25, to: 0.75 })
  expect(zoomRange({ from: 0.25, to: 0.75 }, 0.5, 4)).toEqual(WHOLE_RANGE)
  expect(moveRange({ from: 0.25, to: 0.75 }, 1)).toEqual({ from: 0.5, to: 1 })
})
