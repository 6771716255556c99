import { expect, test } from 'vitest'
import { expectedSum, foundSum } from '../profile/history/expected-sum.ts'
import { type DayProfile, profilesOf } from '../profile/history/random-day.ts'
import { addReady, type OpenHistory, requestOf } from './history.ts'
import type { Clock } from './store.ts'

const HOUR_MS = 3_600_000

/** What every history promises while it is rebuilt. `open` gives an empty one on this clock. */
export function describeRebuild(name: string, open: (clock: Clock) => Promise<OpenHistory>): void {
  test(`while history in ${name} is rebuilt a range counts as it was, says so, and reads no file for it`, async () => {
    const clock = { nowMs: Date.UTC(2026, 11, 24) }
    const { store, history, sum } = await open(clock)
    const profiles = profilesOf('heap').slice(0, 4)
    const left: DayProfile[] = []
    for (const one of profiles) {
      const profileId = await addReady(store, one)
      left.push({ ...one, entry: { ...one.entry, profileId } })
    }
    clock.nowMs += HOUR_MS
    while (await history.compact());
    const range = { selector: '', type: 'heap', sampleType: 'inuse_space' } as const
    const stateOf = async () => {
      const { pending, staleCount } = await history.plan(requestOf(range))
      return { pending: pending.length, staleCount }
    }
    const expected = () => expectedSum(left, () => true, 'snapshot')
    expect(await stateOf()).toEqual({ pending: 0, staleCount: 0 })
    expect(await history.rebuild()).toBe(4)
    expect(await stateOf()).toEqual({ pending: 0, staleCount: 4 })
    expect(foundSum(await sum(range))).toEqual(expected())
    await store.profiles.remove(left.shift()?.entry.profileId ?? '')
    expect(await stateOf()).toEqual({ pending: 0, staleCount: 3 })
    expect(foundSum(await sum(range))).toEqual(expected())
    clock.nowMs += HOUR_MS
    while (await history.compact());
    expect(await stateOf()).toEqual({ pending: 0, staleCount: 0 })
    expect(foundSum(await sum(range))).toEqual(expected())
  })
}
