import { expect, test } from 'vitest'
import { loadRules } from '../../judge/index.ts'
import { profileFromFolded } from '../../profile/index.ts'
import { sampleChoice } from '../../worker/decoder/ranges/sample-choice.ts'

const CPU = { type: 'cpu', unit: 'nanoseconds' }
const { ruleSet } = await loadRules()
/** `a.run` starts a goroutine in a closure; `a.serve` is on a stack itself, and has a closure elsewhere. */
const PROFILE = profileFromFolded(
  [
    'example.io/a.run.func1;example.io/a.get 6',
    'example.io/a.serve;example.io/a.list 3',
    'example.io/a.serve.func1;example.io/a.watch 2',
  ].join('\n'),
  CPU,
)

function counted(name: string, sort: 'flat' | 'cum'): number[] {
  const query = { type: 'cpu', function: name, sort } as const
  const choice = sampleChoice(query, { series: [] }, ruleSet)
  return [...(choice?.of(PROFILE) ?? [])]
}

test('a function of which only closures were seen counts by these, as findings name it', () => {
  expect(counted('example.io/a.run', 'cum')).toEqual([1, 0, 0])
  expect(counted('example.io/a.run', 'flat')).toEqual([0, 0, 0])
})

test('a function that stacks have counts by itself', () => {
  expect(counted('example.io/a.serve', 'cum')).toEqual([0, 1, 0])
  expect(counted('example.io/a.get', 'flat')).toEqual([1, 0, 0])
})
