import { expect, test } from 'vitest'
import { diagnose } from '../../diagnosis/index.ts'
import { loadRules } from '../../judge/index.ts'
import { type Profile, profileFromFolded } from '../../profile/index.ts'

const { ruleSet } = await loadRules()

const LOCK = 'example.com/shop/board.(*Board)'
const DELAYS = [
  { type: 'contentions', unit: 'count' },
  { type: 'delay', unit: 'nanoseconds' },
]

/** Waits of a minute in all, counted since the start unless the profile took some seconds. */
const waits = (seconds = 0) =>
  profileFromFolded(`${LOCK}.digest; sync.(*Mutex).Unlock 900 60000000000`, DELAYS, {
    durationNs: BigInt(seconds) * 1_000_000_000n,
  })

const goroutines = (stacks: string) =>
  profileFromFolded(stacks, [{ type: 'goroutine', unit: 'count' }])

function rulesOf(profiles: readonly Profile[], uptimeSeconds: number | null = null) {
  const inputs = profiles.map((profile, row) => ({
    path: `${row}.pb.gz`,
    profile,
    ...(uptimeSeconds === null ? {} : { uptimeSeconds }),
  }))
  return diagnose(inputs, ruleSet, { language: 'en' }).findings.map(({ rule }) => rule)
}

test('waits for a lock that nobody waits for now are past', () => {
  const idle = goroutines(`${LOCK}.update; runtime.selectgo 9\nmain.main 200`)
  expect(rulesOf([waits(), idle])).toEqual([])
})

test('one that waits at that moment is chance, and so are those that wait for another lock', () => {
  const one = goroutines(`${LOCK}.update; sync.(*Mutex).Lock 1\nmain.main 200`)
  const others = goroutines(`main.(*log).write; sync.(*Mutex).Lock 8\nmain.main 200`)
  expect(rulesOf([waits(), one])).toEqual([])
  expect(rulesOf([waits(), others])).toEqual([])
})

test('a lock that is waited for now is told, whichever function asks for it', () => {
  const some = goroutines(`${LOCK}.update; sync.(*Mutex).Lock 5\nmain.main 200`)
  const func = goroutines(`example.com/shop/board.Add; sync.(*Mutex).Lock 5\nmain.main 200`)
  expect(rulesOf([waits(), some])).toContain('runtime.lock-held')
  expect(rulesOf([waits(), func])).toContain('runtime.lock-held')
})

test('waits of the seconds of the profile are told, whatever one moment shows', () => {
  expect(rulesOf([waits(10), goroutines('main.main 200')])).toContain('runtime.lock-held')
})

test('without goroutines, a minute of waits is little in a day and much in a minute', () => {
  expect(rulesOf([waits()], 86_400)).toEqual([])
  expect(rulesOf([waits()], 60)).toContain('runtime.lock-held')
  expect(rulesOf([waits()])).toContain('runtime.lock-held')
})
