import { expect, test } from 'vitest'
import { openLookThrough } from '../../worker/jobs/look-through.ts'

const HOUR_MS = 3_600_000

/** Looks through rows of which some are found; a look at each takes so long. */
function lookThrough(rows: number, { found = 0, lookMs = 4 } = {}) {
  const clock = { nowMs: 0, monotonicMs: 0 }
  const seen: string[] = []
  const look = openLookThrough(
    async ({ afterId }) => {
      clock.monotonicMs += lookMs
      const next = Number(afterId || '0') + 1
      if (next > rows) return { lastId: null, count: 0 }
      seen.push(String(next))
      return { lastId: String(next), count: found }
    },
    { everyMs: HOUR_MS, now: () => clock.nowMs, monotonicMs: () => clock.monotonicMs },
  )
  return { clock, seen, look }
}

test('each call goes on for a short time from where the last one ended', async () => {
  const { seen, look } = lookThrough(8)
  await look()
  expect(seen).toEqual(['1', '2', '3', '4', '5'])
  await look()
  expect(seen).toEqual(['1', '2', '3', '4', '5', '6', '7', '8'])
})

test('a call ends when it has found enough to do', async () => {
  const { seen, look } = lookThrough(8, { found: 60, lookMs: 0 })
  expect(await look()).toBe(120)
  expect(seen).toEqual(['1', '2'])
})

test('it begins anew only after its time', async () => {
  const { clock, seen, look } = lookThrough(2)
  await look()
  await look()
  expect(seen).toHaveLength(2)
  clock.nowMs += HOUR_MS
  await look()
  expect(seen).toHaveLength(4)
})
