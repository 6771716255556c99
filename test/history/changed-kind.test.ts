import { expect, test } from 'vitest'
import { quicklyRead } from '../../history/plan.ts'
import { profileFromFolded } from '../../profile/index.ts'
import { addReady } from '../contract/history.ts'
import { openTestStore } from '../store/open-store.ts'
import { openTestHistory } from './open-test-history.ts'

const RANGE = { selector: '', type: 'cpu' } as const
const RULES = { pendingMin: 1, pendingMsMax: 0, pendingMax: 10, leaseMs: 60_000 }

test('what ClickHouse alone has is missed, not left out, until history is rebuilt', async () => {
  // Uploads are stamped by the real clock, which may be late by seconds on a busy machine.
  const atMs = Date.now() + 60_000
  const store = await openTestStore({ now: () => atMs })
  const { history, sum } = openTestHistory({ store, now: () => atMs })
  const cpu = profileFromFolded('main;work 5', { type: 'cpu', unit: 'nanoseconds' })
  const profile = { ...cpu, durationNs: 1_000_000_000n }
  const entry = { profileId: '', series: 'a', process: 'p', atMs }
  await addReady(store, { profile, entry })
  const claim = await store.numberedHistory.claim(RULES)
  if (claim === null) throw new Error('there is nothing to put into ClickHouse')
  await store.numberedHistory.commit(claim, [])
  await addReady(store, { profile, entry: { ...entry, atMs: atMs - 1 } })
  await expect(sum(RANGE)).rejects.toMatchObject({ code: 'HISTORY_INCOMPLETE' })
  await history.rebuild()
  expect((await sum(RANGE)).profileCount).toBe(2)
})

test('while a rebuild brings profiles over, a range reads the files of the newest alone', () => {
  const pending = Array.from({ length: 600 }, (_, index) => ({
    profileId: String(index),
    seriesId: 's',
    process: 'p',
    atMs: index,
    rawBlobKey: '',
    columnsBlobKey: null,
    decoderVersion: '1',
  }))
  expect(quicklyRead(pending, 0)).toHaveLength(600)
  const read = quicklyRead(pending, 1)
  expect([read.length, read[0]?.atMs]).toEqual([500, 100])
})
