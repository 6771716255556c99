import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { openStore } from '../../store/index.ts'
import { addProfile } from '../store/new-profile.ts'
import { openTestStore, STORE_DEFAULTS } from '../store/open-store.ts'
import { memoryDirectory } from '../temporary-directory.ts'
import { countBlobs, openTestSweep } from '../worker/open-test-sweep.ts'

const HOUR_MS = 3_600_000
const LEASE_MS = 15_000
const REQUEST = { owner: 'test', leaseMs: LEASE_MS, versions: { decoder: '1', ruleSet: 'a' } }

// Each takes one protection away and must lose what that protects: else its tests would prove nothing.
describe('without its protection', () => {
  test('an older database over newer files loses files', async () => {
    const directory = await memoryDirectory()
    const first = await openStore({ ...STORE_DEFAULTS, directory })
    for (let index = 0; index < 40; index++) await addProfile(first, `old ${index}`)
    const database = new DatabaseSync(join(directory, 'kubeprof.db'))
    database.exec(`vacuum into '${join(directory, 'copy.db')}'`)
    database.close()
    for (let index = 0; index < 40; index++) await addProfile(first, `new ${index}`)
    await first.close()
    for (const suffix of ['', '-wal', '-shm']) {
      await rm(join(directory, `kubeprof.db${suffix}`), { force: true })
    }
    await cp(join(directory, 'copy.db'), join(directory, 'kubeprof.db'))
    const store = await openTestStore({ directory })
    const installation = { ...store.installation, check: findNothing, judgeOrphans: findNothing }
    await openTestSweep({ ...store, installation }, 48 * HOUR_MS).sweep.run()
    expect(await countBlobs(store)).toEqual({ stored: 40, trashed: 40 })
  })

  test('a step forward takes the analysis of a living worker away', async () => {
    const clock = { nowMs: Date.now() + 60_000 }
    const store = await openTestStore({ now: () => clock.nowMs })
    await addProfile(store, 'held')
    await store.analyses.claimNext('normal', REQUEST)
    const now = () => clock.nowMs
    const { sweep } = openTestSweep(store, 0, { now, monotonicMs: now })
    await sweep.run()
    clock.nowMs += HOUR_MS
    await sweep.run()
    expect(await store.analyses.backlog()).toMatchObject({ waitingCount: 1 })
  })

  test('a step back strands what waits', async () => {
    const clock = { nowMs: Date.now() + 60_000 }
    const store = await openTestStore({ now: () => clock.nowMs })
    await addProfile(store, 'waiting')
    clock.nowMs -= HOUR_MS
    const blind = { ...store, clock: { ...store.clock, pullBack: async () => 0 } }
    await openTestSweep(blind, 0, { now: () => clock.nowMs }).sweep.run()
    expect(await store.analyses.claimNext('normal', REQUEST)).toBeNull()
  })
})

async function findNothing(): Promise<null> {
  return null
}
