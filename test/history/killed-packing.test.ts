import { expect, test } from 'vitest'
import { addReady } from '../contract/history.ts'
import { isThorough } from '../extent.ts'
import { foundSum } from '../profile/history/expected-sum.ts'
import { heapDay } from '../profile/history/random-day.ts'
import { openTestStore } from '../store/open-store.ts'
import { killable, type StepsLeft, wasKilled } from './killable.ts'
import { openTestHistory } from './open-test-history.ts'

const RANGE = { selector: '', type: 'heap', sampleType: 'alloc_space' } as const
const LEASE_MS = 11 * 60_000

/** A run that is not thorough is killed at the first step and at every fifth. */
const STRIDE = isThorough ? 1 : 5

test('killed at any step of packing, history loses nothing and counts nothing twice', async () => {
  const profiles = heapDay(12)
  let step = 0
  for (let isKilled = true; isKilled; step += STRIDE) {
    const clock = { nowMs: Date.UTC(2026, 11, 1) }
    const store = await openTestStore({ now: () => clock.nowMs })
    const steady = openTestHistory({ store, now: () => clock.nowMs })
    for (const one of profiles.slice(0, 6)) await addReady(store, one)
    while (await steady.history.compact());
    const ids = []
    for (const one of profiles.slice(6)) ids.push(await addReady(store, one))
    await store.profiles.remove(ids[0] ?? '')
    const expected = foundSum(await steady.sum(RANGE))

    const until = { stepsLeft: step }
    const killed = openTestHistory({ store: dying(store, until), now: () => clock.nowMs })
    clock.nowMs += LEASE_MS
    isKilled = await wasKilled(compactAll(killed))
    expect(foundSum(await steady.sum(RANGE))).toEqual(expected)

    clock.nowMs += LEASE_MS
    while (await steady.history.compact());
    expect(foundSum(await steady.sum(RANGE))).toEqual(expected)
    // What was left behind is found by the search for orphans: no row knows it.
    const known = await steady.store.history.find({
      groupId: (await store.history.series('default'))[0]?.groupId ?? '',
      fromMs: 0,
      toMs: 2 ** 52,
      beforeMs: null,
    })
    const kept = [...known.blocks, ...known.rollUps].map(({ blobKey }) => blobKey)
    expect(await store.garbage.unknownKeys(kept)).toEqual([])
    expect(known.skippedIds).toEqual([])
    expect(known.days.every(({ isRolledUp, isChanging }) => isRolledUp && !isChanging)).toBe(true)
  }
  // Claim, put, commit and delete, each before and after, of more than one group of blocks.
  expect(step).toBeGreaterThan(24)
})

test('a lease taken before the clock was set back holds packing up for a minute, not for a day', async () => {
  const clock = { nowMs: Date.UTC(2026, 11, 2) }
  const store = await openTestStore({ now: () => clock.nowMs })
  const history = openTestHistory({ store, now: () => clock.nowMs })
  for (const one of heapDay(12)) await addReady(store, one)
  const rules = { pendingMin: 1, pendingMsMax: 0, pendingMax: 100, dayEndedBeforeMs: 0 }
  // Its worker is gone.
  const claim = await store.history.claimPacking({ ...rules, leaseMs: 10 * 60_000 })
  expect(claim).not.toBeNull()
  clock.nowMs -= 24 * 3_600_000
  expect(await history.history.compact()).toBe(false)
  await store.clock.pullBack({ jobLeaseMs: 15_000 })
  clock.nowMs += 61_000
  expect(await history.history.compact()).toBe(true)
})

async function compactAll({ history }: ReturnType<typeof openTestHistory>): Promise<void> {
  while (await history.compact());
}

type TestStore = Awaited<ReturnType<typeof openTestStore>>

/** The store of a process that is killed when it has taken so many steps. */
function dying(store: TestStore, until: StepsLeft): TestStore {
  const step = killable(until)
  const { blobs, history } = store
  return {
    ...store,
    blobs: {
      ...blobs,
      put: step((bytes) => blobs.put(bytes)),
      delete: step((key) => blobs.delete(key)),
    },
    history: {
      ...history,
      claimPacking: step((rules) => history.claimPacking(rules)),
      commitPacking: step((claim, packed) => history.commitPacking(claim, packed)),
      releasePacking: step((claim) => history.releasePacking(claim)),
      claimRollUp: step((rules, daysMax) => history.claimRollUp(rules, daysMax)),
      commitRollUp: step((claim, rolledUp) => history.commitRollUp(claim, rolledUp)),
    },
  }
}
