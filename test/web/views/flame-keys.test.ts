import { expect, test } from 'vitest'
import { moveThroughFrames } from '../../../web/flame/flame-keys.ts'

const ROW_PX = 20

/** A drawn frame as far as the keyboard is concerned: where it is, and whether it has the focus. */
function frame(name: string, row: number, left: number, right: number) {
  const attributes = new Map<string, string>()
  return {
    name,
    attributes,
    isFocused: false,
    isShown: false,
    getBoundingClientRect: () => ({
      left,
      right,
      top: row * ROW_PX,
      height: ROW_PX,
    }),
    setAttribute: (key: string, value: string) => void attributes.set(key, value),
    focus() {
      this.isFocused = true
    },
    scrollIntoView() {
      this.isShown = true
    },
  }
}

/**
 * root
 * list            watch
 * decode encode
 */
function draw() {
  const frames = [
    frame('root', 0, 0, 100),
    frame('list', 1, 0, 60),
    frame('watch', 1, 60, 100),
    frame('decode', 2, 0, 20),
    frame('encode', 2, 20, 60),
  ]
  return { frames, host: { querySelectorAll: () => frames } }
}

function moved(from: string, key: string) {
  const { frames, host } = draw()
  const start = frames.find(({ name }) => name === from)
  const isOurs: boolean = Reflect.apply(moveThroughFrames, null, [host, start, key])
  const focused = frames.filter(({ isFocused }) => isFocused)
  return { isOurs, start, focused, names: focused.map(({ name }) => name) }
}

test.each([
  ['root', 'ArrowDown', 'list'],
  ['list', 'ArrowDown', 'encode'],
  ['list', 'ArrowUp', 'root'],
  ['list', 'ArrowRight', 'watch'],
  ['watch', 'ArrowLeft', 'list'],
  ['encode', 'ArrowUp', 'list'],
  ['decode', 'ArrowRight', 'encode'],
])('from %s %s leads to %s', (from, key, to) => {
  const { isOurs, names } = moved(from, key)
  expect({ isOurs, names }).toEqual({ isOurs: true, names: [to] })
})

test.each([
  ['root', 'ArrowUp'],
  ['watch', 'ArrowDown'],
  ['watch', 'ArrowRight'],
  ['decode', 'ArrowLeft'],
])('from %s %s leads nowhere, and is ours all the same', (from, key) => {
  const { isOurs, names } = moved(from, key)
  expect({ isOurs, names }).toEqual({ isOurs: true, names: [] })
})

test('other keys are left alone', () => {
  expect(moved('root', 'Enter')).toMatchObject({ isOurs: false, names: [] })
})

test('the frame that has the focus is the one that Tab leads to, and is scrolled into view', () => {
  const { start, focused } = moved('root', 'ArrowDown')
  expect(start?.attributes.get('tabindex')).toBe('-1')
  expect(focused[0]?.attributes.get('tabindex')).toBe('0')
  expect(focused[0]?.isShown).toBe(true)
})
