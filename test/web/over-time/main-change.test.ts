import { expect, test } from 'vitest'
import { diffProfiles, type Profile, profileFromFolded } from '../../../profile/index.ts'
import { mainChange } from '../../../web/compare/main-change.ts'

const SECOND = 1_000_000_000
const BY_CUM = { sampleIndex: 'cpu', sort: 'cum' } as const

test('the change is named by the function that is new, not by the callers that had other work', () => {
  const before = cpu({ 'serve;get': 40 })
  const after = cpu({ 'serve;get': 40, 'serve;list;decode': 30, 'serve;list;encode': 20 })
  const change = mainChange(diffProfiles(before, after, BY_CUM))
  expect(change?.row.name).toBe('list')
  // serve, decode and encode
  expect(change?.otherCount).toBe(3)
})

test('what shrank is named too, and noise is not', () => {
  const before = cpu({ 'serve;list': 50, 'serve;get': 40 })
  const after = cpu({ 'serve;get': 41 })
  expect(mainChange(diffProfiles(before, after, BY_CUM))?.row.name).toBe('list')
  const almost = cpu({ 'serve;list': 50, 'serve;get': 41 })
  expect(mainChange(diffProfiles(before, almost, BY_CUM))).toBeNull()
})

test('what goroutines wait in names no change: all of them wait there', () => {
  const before = 'serve;runtime.gopark 9'
  const after = `${before}\nleak;runtime.gopark 90`
  const options = { sampleIndex: '', sort: 'cum' } as const
  const diff = diffProfiles(goroutines(before), goroutines(after), options)
  expect(mainChange(diff)?.row.name).toBe('leak')
})

function goroutines(folded: string): Profile {
  return profileFromFolded(folded, [{ type: 'goroutine', unit: 'count' }])
}

/** Ten seconds with the CPU time of some stacks, in seconds; a sample is of 10 ms. */
function cpu(seconds: Readonly<Record<string, number>>): Profile {
  const lines = Object.entries(seconds).map(
    ([stack, value]) => `${stack} ${value * 100} ${value * SECOND}`,
  )
  const types = [
    { type: 'samples', unit: 'count' },
    { type: 'cpu', unit: 'nanoseconds' },
  ]
  return { ...profileFromFolded(lines.join('\n'), types), durationNs: BigInt(10 * SECOND) }
}
