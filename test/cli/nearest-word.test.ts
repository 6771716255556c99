import { expect, test } from 'vitest'
import { nearestWord } from '../../cli/terminal/nearest-word.ts'

const words = ['serve', 'work', 'pprof', 'port']

test.each([
  ['serv', 'serve'],
  ['sevre', 'serve'],
  ['prot', 'port'],
  ['wrok', 'work'],
  ['prof', 'pprof'],
  ['kubernetes', null],
  ['', null],
])('"%s" most likely means %s', (typed, meant) => {
  expect(nearestWord(typed, words)).toBe(meant)
})
