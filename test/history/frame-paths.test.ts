import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pathText, readPaths } from '../../history/numbered/frame-paths.ts'
import type { ListColumn, TextBounds } from '../../history/numbered/native-columns.ts'

const identity = new Proxy([], { get: (_, index) => Number(index) })

/** Paths that often begin alike. */
const paths = fc.array(
  fc.record({
    numbers: fc.array(
      fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 2 ** 32 - 1 })),
      { maxLength: 200 },
    ),
    isText: fc.boolean(),
  }),
)

test('paths are read as they were written, as lists or as texts', () => {
  fc.assert(
    fc.property(paths, (written) => {
      const lists = listsOf(written.map(({ numbers, isText }) => (isText ? [] : numbers)))
      const texts = textsOf(
        written.map(({ numbers, isText }) => (isText ? pathText(numbers, identity) : '')),
      )
      const read = readPaths(lists, texts)
      const found: number[][] = []
      for (const [path, kept] of read.kept.entries()) {
        const added = read.numbers.subarray(read.starts[path], read.starts[path + 1])
        found.push([...(found[path - 1] ?? []).slice(0, kept), ...added])
      }
      expect(found).toEqual(written.map(({ numbers }) => numbers))
    }),
  )
})

test('paths that begin alike have texts that begin alike, and add what follows', () => {
  const written = [
    [7, 8, 9, 1000],
    [7, 8, 9, 1000, 4],
    [7, 8, 12],
  ]
  const texts = textsOf(written.map((numbers) => pathText(numbers, identity)))
  const read = readPaths(listsOf(written.map(() => [])), texts)
  expect([...read.kept]).toEqual([0, 4, 2])
  expect([...read.numbers]).toEqual([7, 8, 9, 1000, 4, 12])
})

function listsOf(lists: readonly (readonly number[])[]): ListColumn {
  const starts = new Uint32Array(lists.length + 1)
  for (const [row, list] of lists.entries()) starts[row + 1] = (starts[row] ?? 0) + list.length
  return { starts, values: Uint32Array.from(lists.flat()) }
}

function textsOf(texts: readonly string[]): TextBounds {
  const bounds: number[] = []
  let end = 0
  for (const { length } of texts) {
    bounds.push(end, end + length)
    end += length
  }
  return { bytes: Buffer.from(texts.join(''), 'latin1'), bounds: Uint32Array.from(bounds) }
}
