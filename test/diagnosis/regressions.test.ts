import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY, type DayOptions, heavyTailDay } from '../../bench/inputs/heavy-tail-day.ts'
import { isOwn } from '../../diagnosis/judge/prepare/own-funcs.ts'
import { loadRules } from '../../judge/load-rules.ts'
import { extent } from '../extent.ts'
import { followProcess, type FoundRegression } from './followed-process.ts'

const { ruleSet } = await loadRules()
const STEP_MS = 10 * 60 * 1000
const CAPTURES_A_DAY = extent(48, 144)
const DAY_MS = 24 * 3600 * 1000
const DRAWS = 250
const RUNS = { numRuns: extent(1, 20) }
const CAPTURES = 40
/** Stacks of rank so high that a day draws each at most once. */
const RARE = 30_000

interface Scenario extends Partial<DayOptions> {
  readonly uptimeSecondsAt?: (index: number) => number
  readonly versionAt?: (index: number) => string
}

/** What is found at each capture of a process. */
function follow({ uptimeSecondsAt, versionAt, ...options }: Scenario) {
  const day = { ...DAY, drawCount: DRAWS, stepMs: STEP_MS, ...options }
  const followed = followProcess(ruleSet)
  return [...heavyTailDay(day)].map((profile, index) => {
    const uptime = uptimeSecondsAt === undefined ? {} : { uptimeSeconds: uptimeSecondsAt(index) }
    const version = versionAt === undefined ? {} : { version: versionAt(index) }
    const atMs = day.startMs + index * day.stepMs
    return followed.judge({ profile, atMs, ...uptime, ...version })
  })
}

/**
 * Whether a stack passes a function outside of Go's library: what the runtime does on its own, as collecting garbage or
 * looking for work, is no function's regression, and has rules of its own. An invented stack may begin as the collector's
 * and end as another.
 */
function isOfFunction(rank: number): boolean {
  const extraAt = () => new Map([[rank, 1]])
  const profiles = [...heavyTailDay({ ...DAY, count: 1, drawCount: 0, extraAt })]
  const names = profiles.flatMap(({ funcs, strings }) =>
    Array.from(funcs.name, (name) => strings[name] ?? ''),
  )
  return names.some(isOwn) && !names.includes('runtime.gcBgMarkWorker')
}

function firstOf(found: readonly (readonly FoundRegression[])[]): number {
  return found.findIndex((each) => each.length > 0)
}

test('a regression is found with its second capture, dated, and the only one', () => {
  fc.assert(
    fc.property(
      fc.record({
        seed: fc.nat(),
        rank: fc.nat(20_000).filter(isOfFunction),
        share: fc.double({ min: 0.5, max: 2, noNaN: true }),
      }),
      ({ seed, rank, share }) => {
        const onset = 25
        const extra = new Map([[rank, Math.round(share * DRAWS)]])
        const found = follow({
          seed,
          count: CAPTURES,
          extraAt: (index) => (index >= onset ? extra : new Map()),
        })
        expect(firstOf(found)).toBe(onset + 1)
        for (const each of found.slice(onset + 1)) {
          expect(each).toHaveLength(1)
          expect(each[0]?.sinceMs).toBe(DAY.startMs + onset * STEP_MS)
          expect(each[0]?.name).toBe(found[onset + 1]?.[0]?.name)
        }
      },
    ),
    RUNS,
  )
})

test('one that two captures in a row show late is dated by the first that has it', () => {
  const onset = 20
  const counts = [120, 20, 120, 20, 120]
  const extraAt = (index: number) =>
    new Map(index < onset ? [] : [[77, counts[index - onset] ?? 120]])
  const found = follow({ count: CAPTURES, extraAt })
  expect(firstOf(found)).toBe(onset + counts.length)
  expect(found.at(-1)).toMatchObject([{ sinceMs: DAY.startMs + onset * STEP_MS }])
})

const SLOW = new Map([[77, 120]])
const NONE: ReadonlyMap<number, number> = new Map()

/** What is found when the regression is there in some captures. */
function withSlow(isThere: (index: number) => boolean, count = CAPTURES) {
  return follow({ count, extraAt: (index) => (isThere(index) ? SLOW : NONE) })
}

test('what lasts does not become normal', () => {
  const found = withSlow((index) => index >= 20, extent(CAPTURES, 200))
  expect(found[21]).toHaveLength(1)
  for (const each of found.slice(21)) expect(each).toMatchObject([{ usual: found[21]?.[0]?.usual }])
})

test('two captures without it end it, and when it is back it is found by what was normal before', () => {
  const found = withSlow((index) => index >= 20 && index !== 26 && (index < 30 || index >= 34))
  const since = (index: number) => {
    return [{ sinceMs: DAY.startMs + index * STEP_MS, usual: found[21]?.[0]?.usual }]
  }
  for (const index of [25, 27, 29]) expect(found[index]).toMatchObject(since(20))
  expect([26, 30, 31, 32, 33, 34].flatMap((index) => found[index] ?? [])).toEqual([])
  for (const each of found.slice(35)) expect(each).toMatchObject(since(34))
})

test('one that comes with a version names it, and finds what the version has new', () => {
  const extra = new Map([[77, 120]])
  const found = follow({
    count: CAPTURES,
    extraAt: (index) => (index >= 20 ? extra : new Map()),
    versionAt: (index) => (index >= 20 ? 'v1.31.2' : 'v1.31.1'),
    uptimeSecondsAt: (index) => (index >= 20 ? (index - 20) * 600 + 30 : 100_000),
  })
  // The first capture is of a process that starts.
  expect(firstOf(found)).toBe(22)
  expect(found[39]).toMatchObject([{ version: 'v1.31.2' }])
})

test('healthy days, with other load by day than by night, have none', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const loadAt = (index: number) => 1.4 - Math.cos((2 * Math.PI * index) / CAPTURES_A_DAY)
      const stepMs = DAY_MS / CAPTURES_A_DAY
      const found = follow({ seed, stepMs, count: 1.5 * CAPTURES_A_DAY, loadAt })
      expect(found.flat()).toEqual([])
    }),
    RUNS,
  )
})

test('a restart and a roll-out of the same build have none, whatever a process does while it starts', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 15, max: 30 }), (seed, restart) => {
      const startup = new Map([[RARE + 5, 600]])
      const found = follow({
        seed,
        count: CAPTURES,
        extraAt: (index) => (index === restart ? startup : new Map()),
        uptimeSecondsAt: (index) =>
          index < restart ? 100_000 + index * 600 : (index - restart) * 600 + 60,
      })
      expect(found.flat()).toEqual([])
    }),
    RUNS,
  )
})

test('a nightly job is none from its second night on', () => {
  const job = new Map([[RARE + 9, 200]])
  const hourOf = (index: number) => ((index % CAPTURES_A_DAY) / CAPTURES_A_DAY) * 24
  const isNight = (index: number) => hourOf(index) >= 3 && hourOf(index) < 4.5
  const found = follow({
    count: 2.3 * CAPTURES_A_DAY,
    drawCount: 150,
    stepMs: DAY_MS / CAPTURES_A_DAY,
    extraAt: (index) => (isNight(index) ? job : new Map()),
  })
  const nights = found.flatMap((each, index) => (each.length > 0 ? [index] : []))
  expect(nights.filter((index) => index >= CAPTURES_A_DAY)).toEqual([])
})

test('twice the load of all kinds is none', () => {
  const found = follow({ count: CAPTURES, loadAt: (index) => (index >= 25 ? 2 : 1) })
  expect(found.flat()).toEqual([])
})
