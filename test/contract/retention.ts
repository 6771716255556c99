import { describe, expect, test } from 'vitest'
import type { Store } from '../../store/index.ts'
import { addProfile } from '../store/new-profile.ts'
import { uploadCapture } from '../store/upload-capture.ts'
import { addReady } from './ready-profiles.ts'
import type { Clock } from './store.ts'

const MINUTE_MS = 60_000

/** What every store promises of what is kept no longer. `open` gives an empty one on this clock. */
export function describeRetention(name: string, open: (clock: Clock) => Promise<Store>): void {
  const openAt = async () => {
    const clock = { nowMs: Date.now() }
    return { clock, store: await open(clock) }
  }

  describe(`retention in ${name}`, () => {
    test('what is older goes, the oldest first and no more than asked for', async () => {
      const { store, clock } = await openAt()
      const first = await uploadCapture(store, ['cpu.pb.gz'])
      clock.nowMs += MINUTE_MS
      const second = await uploadCapture(store, ['heap.pb.gz'])
      const beforeMs = clock.nowMs + MINUTE_MS
      expect(await store.garbage.retire({ beforeMs, bytesMax: null }, 1)).toBe(1)
      expect(await store.captures.find(first.capture.id)).toBeNull()
      expect(await store.captures.find(second.capture.id)).not.toBeNull()
      expect(await store.garbage.retire({ beforeMs, bytesMax: null }, 10)).toBe(1)
      expect(await store.garbage.retire({ beforeMs, bytesMax: null }, 10)).toBe(0)
    })

    test('the oldest go until what is stored takes no more than it may', async () => {
      const { store, clock } = await openAt()
      const sizes = { profile: 9, log: 3 }
      const ids: string[] = []
      for (const second of [1, 2, 3]) {
        clock.nowMs += MINUTE_MS
        ids.push((await uploadCapture(store, ['cpu.pb.gz'], { startedAtMs: second })).capture.id)
      }
      const bytesMax = 2 * (sizes.profile + sizes.log)
      expect(await store.garbage.retire({ beforeMs: null, bytesMax }, 10)).toBe(1)
      expect(await store.garbage.retire({ beforeMs: null, bytesMax }, 10)).toBe(0)
      const { items } = await store.captures.list({}, { limit: 10, cursor: null })
      expect(items.map(({ id }) => id)).toEqual([ids[2], ids[1]])
    })

    test('columns older than asked for are forgotten, unless the file is damaged', async () => {
      const { store, clock } = await openAt()
      // Uploads are stamped by the real clock.
      clock.nowMs += MINUTE_MS
      const { profile } = await addReady(store, 'a')
      const damaged = await addReady(store, 'b')
      await store.blobs.delete(damaged.profile.rawBlobKey)
      await store.integrity.check(damaged.profile.rawBlobKey)
      expect(await store.garbage.forgetColumns(clock.nowMs, 10)).toEqual([])
      clock.nowMs += 1
      expect(await store.garbage.forgetColumns(clock.nowMs, 10)).toEqual([profile.columnsBlobKey])
      expect(await store.garbage.forgetColumns(clock.nowMs, 10)).toEqual([])
      expect(await store.profiles.find(profile.id)).toEqual({ ...profile, columnsBlobKey: null })
      expect(await store.profiles.findReport(profile.id, 'en')).not.toBeNull()
    })

    test('a pinned profile stays, with the capture it is of', async () => {
      const { store, clock } = await openAt()
      const { capture } = await uploadCapture(store, ['cpu.pb.gz'])
      const [inCapture = ''] = capture.parts.flatMap((part) => part.profileId ?? [])
      const alone = await addProfile(store, 'pinned alone')
      for (const id of [inCapture, alone.profile.id]) {
        expect(await store.profiles.setPinned(id, true)).toBe(true)
        expect(await store.profiles.find(id)).toMatchObject({ pinnedAtMs: clock.nowMs })
      }
      const rules = { beforeMs: clock.nowMs + 5 * MINUTE_MS, bytesMax: 0 }
      expect(await store.garbage.retire(rules, 10)).toBe(0)
      await store.profiles.setPinned(inCapture, false)
      expect(await store.garbage.retire(rules, 10)).toBe(1)
      expect(await store.captures.find(capture.id)).toBeNull()
      expect(await store.profiles.find(alone.profile.id)).not.toBeNull()
    })

    test('what is pinned, shared by a link or still being taken stays', async () => {
      const { store, clock } = await openAt()
      const pinned = await uploadCapture(store, ['cpu.pb.gz'])
      await store.captures.setPinned(pinned.capture.id, true)
      const shared = await uploadCapture(store, ['heap.pb.gz'])
      const alone = await addProfile(store, 'shared alone')
      const gone = await addProfile(store, 'gone')
      const [profileId] = shared.capture.parts.flatMap((part) => part.profileId ?? [])
      const expiresAtMs = clock.nowMs + 10 * MINUTE_MS
      for (const id of [profileId ?? '', alone.profile.id]) {
        await store.links.add({ profileId: id, tokenHash: id, view: '', expiresAtMs })
      }
      const beforeMs = clock.nowMs + 5 * MINUTE_MS
      expect(await store.garbage.retire({ beforeMs, bytesMax: 0 }, 10)).toBe(1)
      expect(await store.profiles.find(gone.profile.id)).toBeNull()
      clock.nowMs = expiresAtMs
      expect(await store.garbage.retire({ beforeMs, bytesMax: null }, 10)).toBe(2)
      expect(await store.captures.find(pinned.capture.id)).not.toBeNull()
    })
  })
}
