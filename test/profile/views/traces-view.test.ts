import { expect, test } from 'vitest'
import {
  openView,
  ProfileBuilder,
  profileFromFolded,
  readViewQuery,
  tracesView,
  type ViewQuery,
} from '../../../profile/index.ts'
import { cpu, viewOf } from './folded.ts'

test('the largest samples come first, each with its stack from the leaf to the root', () => {
  const { sampleCount, samples } = tracesView(viewOf('a; x 1\nb; y; z 3\nc 2'), bounds(10))
  expect(sampleCount).toBe(3)
  expect(samples.map(({ value, stack }) => [value, namesOf(stack)])).toEqual([
    [3, 'z y b'],
    [2, 'c'],
    [1, 'x a'],
  ])
})

test('what is left out is counted, with its value', () => {
  const all = viewOf('a 1\nb 3\nc 2\nd 0')
  expect(tracesView(all, bounds(3))).toMatchObject({ leftOutCount: 0, leftOutTotal: 0 })
  const { samples, ...rest } = tracesView(all, bounds(1))
  expect(samples).toHaveLength(1)
  expect(rest).toEqual({ sampleCount: 3, leftOutCount: 2, leftOutTotal: 3 })
})

test('a sample has its share, a value of every sample type, and the chosen one decides the order', () => {
  const profile = profileFromFolded('a 9 10\nb 1 30', [{ type: 'samples', unit: 'count' }, cpu])
  const { samples } = tracesView(opened(profile, {}), bounds(10))
  expect(samples.map(({ value, values, share }) => [value, values, share])).toEqual([
    [30, [1, 30], 0.75],
    [10, [9, 10], 0.25],
  ])
})

test('a sample has its labels, those of numbers with their unit', () => {
  const builder = new ProfileBuilder({ sampleTypes: [cpu] })
  const func = builder.func({ name: 'main.main', file: '' })
  const location = builder.location({ mapping: -1, address: 0n, lines: [{ func, line: 1 }] })
  const labels = [
    { key: 'verb', text: 'LIST' },
    { key: 'bytes', number: 512n, unit: 'bytes' },
  ]
  builder.sample({ locations: [location], values: [1n], labels })
  const [sample] = tracesView(opened(builder.finish(), {}), bounds(1)).samples
  expect(sample.labels).toEqual([
    { key: 'verb', value: 'LIST', unit: null },
    { key: 'bytes', value: '512', unit: 'bytes' },
  ])
})

test('filters and granularity are those of the other views', () => {
  const profile = profileFromFolded('a @/src/a.go:1; x @/src/a.go:7 4\nb 3', cpu)
  const { samples } = tracesView(opened(profile, { f: 'x', g: 'lines' }), bounds(10))
  expect(samples.map(({ stack }) => namesOf(stack))).toEqual(['x /src/a.go:7 a /src/a.go:1'])
})

test('deep stacks end the list before it has as many samples as asked for', () => {
  const deep = Array.from({ length: 50 }, (_, depth) => `f${depth}`).join('; ')
  const view = viewOf(`${deep}; x 3\n${deep}; y 2\n${deep}; z 1`)
  const { samples, leftOutCount } = tracesView(view, { samplesMax: 10, charsMax: 1700 })
  expect([samples.length, leftOutCount]).toEqual([2, 1])
  expect(tracesView(view, { samplesMax: 10, charsMax: 1 }).samples).toHaveLength(1)
})

function bounds(samplesMax: number) {
  return { samplesMax, charsMax: 1_000_000 }
}

function opened(profile: Parameters<typeof openView>[0], query: ViewQuery) {
  return openView(
    profile,
    readViewQuery(profile, query, (source) => new RegExp(source)),
  )
}

function namesOf(stack: readonly { readonly name: string }[]): string {
  return stack.map(({ name }) => name).join(' ')
}
