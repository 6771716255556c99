import { existsSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { type Store, verifyStore } from '../../../store/index.ts'
import { moveOrphans } from '../../../worker/jobs/clear-orphans.ts'
import { lacks } from '../../requirements.ts'
import { addProfile } from '../../store/new-profile.ts'
import { openTestStore } from '../../store/open-store.ts'
import { memoryDirectory } from '../../temporary-directory.ts'
import { CHAOS_TIMEOUT_MS, extent } from '../../extent.ts'
import { until } from '../../until.ts'
import { killAll, startKubeprof } from '../kubeprof-process.ts'

afterEach(killAll)

const DAY_MS = 24 * 3_600_000
const CLIENTS = 8
const CONTENTS = 20
const RACE_MS = extent(3000, 20_000)

/** Clients that upload and delete the same few contents, while garbage is collected all the time. */
async function race(store: Store, graceMs: number): Promise<void> {
  const over = new AbortController()
  const client = async () => {
    while (!over.signal.aborted) {
      const text = `content ${Math.floor(Math.random() * CONTENTS)}`
      const { profile } = await addProfile(store, text)
      if (Math.random() < 0.5) await store.profiles.remove(profile.id)
    }
  }
  const collect = async () => {
    while (!over.signal.aborted) {
      for (const key of await store.garbage.deleteRows(100)) await store.blobs.delete(key)
      const nowMs = Date.now() + 1
      await moveOrphans({ store, beforeMs: nowMs - graceMs, nowMs, limit: 100 })
      await delay(1)
    }
  }
  const work = Promise.all([collect(), ...Array.from({ length: CLIENTS }, client)])
  await delay(RACE_MS)
  over.abort()
  await work
}

/** Rows whose bytes are not in their place. */
async function danglingIn(store: Store): Promise<number> {
  const report = await verifyStore(store, {
    repairs: false,
    nowMs: Date.now(),
    onProgress: () => undefined,
  })
  return report.faults.filter(({ fault }) => fault !== 'orphaned').length
}

describe('garbage collection beside uploads and deletions of the same contents', () => {
  test('no row is without its bytes', { timeout: CHAOS_TIMEOUT_MS }, async () => {
    const store = await openTestStore()
    await race(store, DAY_MS)
    expect(await danglingIn(store)).toBe(0)
    const { items } = await store.profiles.list({}, { limit: 50, cursor: null })
    expect(items.length).toBeLessThanOrEqual(CONTENTS)
  })

  test('without the time that uploads are given this test would fail, and the repair puts all back', async () => {
    const store = await openTestStore()
    const hasty = {
      ...store,
      // Between the bytes and their row, as with a slow database.
      profiles: {
        ...store.profiles,
        add: (added: Parameters<Store['profiles']['add']>[0]) =>
          delay(100).then(() => store.profiles.add(added)),
      },
      installation: { ...store.installation, judgeOrphans: async () => null },
    }
    await until(async () => {
      await race(hasty, 0)
      return (await danglingIn(store)) > 0
    })
    expect(await danglingIn(store)).toBeGreaterThan(0)
    const options = { repairs: true, nowMs: Date.now(), onProgress: () => undefined }
    await verifyStore(store, options)
    expect(await danglingIn(store)).toBe(0)
  })

  test('retention takes no profile that a link shares, in whichever order both come', async () => {
    const store = await openTestStore()
    const shared: string[] = []
    const share = async () => {
      for (let index = 0; index < 60; index++) {
        const { profile } = await addProfile(store, `shared ${index}`)
        const link = await store.links.add({
          profileId: profile.id,
          tokenHash: profile.id,
          view: '',
          expiresAtMs: Date.now() + DAY_MS,
        })
        if (link !== null) shared.push(profile.id)
      }
    }
    const over = new AbortController()
    const retire = async () => {
      while (!over.signal.aborted) {
        await store.garbage.retire({ beforeMs: Date.now() + DAY_MS, bytesMax: null }, 5)
        for (const key of await store.garbage.deleteRows(100)) await store.blobs.delete(key)
      }
    }
    const retiring = retire()
    await share()
    over.abort()
    await retiring
    expect(shared.length).toBeGreaterThan(0)
    for (const id of shared) expect(await store.profiles.find(id)).not.toBeNull()
    expect(await danglingIn(store)).toBe(0)
  })
})

describe.skipIf(lacks('strace'))('a kill while files are moved to the trash', () => {
  test(
    'each file is in its place or in the trash, and the next start goes on',
    async () => {
      const data = join(await memoryDirectory(), 'data')
      const first = await startKubeprof(['work', '--data', data])
      await first.end('SIGTERM')
      const keys = await makeOrphans(data, 6)
      for (let kill = 1; kill <= extent(4, 12); kill++) {
        const fault = `rename,mkdir:signal=KILL:when=${kill}`
        const under = [
          'strace',
          '-D',
          '-f',
          '-o',
          '/dev/null',
          '-e',
          'trace=rename,mkdir',
          '-e',
          `inject=${fault}`,
        ]
        // It may be killed before it says that it works.
        const killed = await startKubeprof(['work', '--data', data], { under }).catch(() => null)
        await killed?.end('SIGKILL')
        expect(await placesOf(data, keys)).toEqual(keys.map(() => 1))
      }
      const last = await startKubeprof(['work', '--data', data])
      await expect.poll(() => trashed(data)).toBe(keys.length)
      await last.end('SIGTERM')
    },
    CHAOS_TIMEOUT_MS,
  )
})

/** Files of 2016 without rows. */
async function makeOrphans(data: string, count: number): Promise<readonly string[]> {
  const keys = Array.from({ length: count }, (_, index) => {
    const sha256 = createHash('sha256').update(`orphan ${index}`).digest('hex')
    return `${sha256}-01ARYZ6S41000000000000000${index}`
  })
  for (const [index, key] of keys.entries()) {
    await mkdir(join(data, 'blobs', key.slice(0, 2)), { recursive: true })
    await writeFile(join(data, 'blobs', key.slice(0, 2), key), `orphan ${index}`)
  }
  return keys
}

/** In how many places each file is. */
async function placesOf(data: string, keys: readonly string[]): Promise<readonly number[]> {
  const trash = join(data, 'trash')
  const moved = existsSync(trash) ? await readdir(trash, { recursive: true }) : []
  return keys.map((key) => {
    const inPlace = existsSync(join(data, 'blobs', key.slice(0, 2), key)) ? 1 : 0
    return inPlace + moved.filter((path) => path.endsWith(key)).length
  })
}

async function trashed(data: string): Promise<number> {
  const trash = join(data, 'trash')
  if (!existsSync(trash)) return 0
  return (await readdir(trash, { recursive: true })).filter((path) => path.length > 90).length
}
