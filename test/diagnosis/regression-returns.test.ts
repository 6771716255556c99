import { expect, test } from 'vitest'
import { loadRules } from '../../judge/load-rules.ts'
import { profileFromFolded } from '../../profile/index.ts'
import { followProcess } from './followed-process.ts'

const { ruleSet } = await loadRules()
const MINUTE_MS = 60_000
const START_MS = Date.UTC(2026, 10, 28)
const SAMPLE_NS = 10_000_000
const TYPES = [
  { type: 'samples', unit: 'count' },
  { type: 'cpu', unit: 'nanoseconds' },
]

/** What is found at each capture, a minute apart, of a process that lists from etcd at some of them. */
function follow(count: number, isListing: (at: number) => boolean) {
  const followed = followProcess(ruleSet)
  return Array.from({ length: count }, (_, at) => {
    const atMs = START_MS + at * MINUTE_MS
    const samples = {
      'main.serve;main.get': 10,
      'main.serve;main.list;main.fromCache': at % 2 === 0 ? 19 : 39,
      'main.serve;main.list;main.fromEtcd': isListing(at) ? 50 : 0,
      'main.serve;main.list;main.encode': isListing(at) ? 50 : 0,
    }
    const lines = Object.entries(samples)
      .filter(([, samplesOfStack]) => samplesOfStack > 0)
      .map(([stack, taken]) => `${stack} ${taken} ${taken * SAMPLE_NS}`)
    const profile = profileFromFolded(lines.join('\n'), TYPES, {
      timeNs: BigInt(atMs) * 1_000_000n,
      durationNs: 4_000_000_000n,
    })
    return followed.judge({ profile, atMs })
  })
}

test('a rise that was most of the work of an hour, and was over, is found when it is back', () => {
  const found = follow(95, (at) => (at >= 60 && at < 85) || at >= 88)
  expect(found[61]).toMatchObject([{ name: 'main.list' }])
  const firsts = found.flatMap((each, at) => {
    return each.length > 0 && found[at - 1]?.length === 0 ? [at] : []
  })
  expect(firsts).toEqual([61, 89])
  expect(found.slice(61, 85).every((each) => each.length === 1)).toBe(true)
  expect(found.slice(89).every((each) => each.length === 1)).toBe(true)
})
