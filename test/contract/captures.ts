import { describe, expect, test } from 'vitest'
import type { CapturePart } from '../../api/index.ts'
import type { CaptureEnding, NewCapture, Store } from '../../store/index.ts'
import { addProfile, NOTHING_DECLARED } from '../store/new-profile.ts'
import { uploadCapture } from '../store/upload-capture.ts'
import type { Clock } from './store.ts'

const OWNER = { owner: 'test', leaseMs: 10_000 }
const COMPLETE: CaptureEnding = { status: 'complete', error: null }
const WAITING: NewCapture = {
  origin: 'demand',
  target: 'api',
  component: 'kube-apiserver',
  instance: 'node-1',
  cluster: 'prod',
  processKey: 'prod/kube-apiserver/10.0.0.1:6443',
  schedule: null,
  request: { profiles: ['cpu'], seconds: 10, slotAtMs: 5 },
  seconds: 10,
  labels: [{ name: 'why', value: 'slow' }],
  note: null,
}

/** What every store promises of captures. `open` gives an empty one on this clock. */
export function describeCaptures(name: string, open: (clock: Clock) => Promise<Store>): void {
  const openAt = async () => {
    // Uploads are stamped by the real clock, which may be late by seconds on a busy machine.
    const clock = { nowMs: Date.now() + 60_000 }
    return { clock, store: await open(clock) }
  }

  describe(`captures that are taken, in ${name}`, () => {
    test('a new capture waits, and is found and listed', async () => {
      const { store } = await openAt()
      const [capture] = await store.captures.create([WAITING])
      expect(capture).toMatchObject({ ...WAITING, status: 'waiting', reportStatus: 'waiting' })
      expect(await store.captures.find(capture?.id ?? '')).toEqual(capture)
      expect(await store.captures.listWaiting(10)).toEqual([capture])
    })

    test('of many collectors one claims it, and only that one writes', async () => {
      const { store } = await openAt()
      const { id } = await waiting(store)
      const claims = await Promise.all(
        Array.from({ length: 10 }, () => store.captures.claim(id, OWNER)),
      )
      const [claim] = claims.filter((one) => one !== null)
      expect(claims.filter((one) => one !== null)).toHaveLength(1)
      const stranger = { id, leaseToken: 'other' }
      expect(await store.captures.update(stranger, { note: 'mine' })).toBe(false)
      expect(await store.captures.renew(stranger, 1000)).toBe('lost')
      expect(await store.captures.finish(stranger, COMPLETE)).toBe(false)
      if (claim === undefined) throw new Error('it was not claimed')
      expect(await store.captures.update(claim, { note: 'mine', goVersion: 'go1.26' })).toBe(true)
      expect(await store.captures.find(id)).toMatchObject({
        status: 'running',
        note: 'mine',
        goVersion: 'go1.26',
        leaseOwner: 'test',
      })
    })

    test('what has become a file is a taken part, in the order announced', async () => {
      const { store } = await openAt()
      const { id } = await waiting(store)
      const claim = await claimed(store, id)
      const parts = [part('metrics', 'metrics.txt.gz'), part('cpu', 'cpu.pb.gz')]
      await store.captures.update(claim, { parts })
      const profileId = await addProfileTo(store, claim, 'cpu.pb.gz')
      await addFileTo(store, claim, 'more.log')
      const capture = await store.captures.find(id)
      expect(capture?.parts.map(({ fileName, state }) => [fileName, state])).toEqual([
        ['metrics.txt.gz', 'waiting'],
        ['cpu.pb.gz', 'taken'],
        ['more.log', 'taken'],
      ])
      expect(capture?.parts[1]).toMatchObject({ profileId, sizeBytes: 9 })
      expect(await store.profiles.find(profileId)).toMatchObject({ captureId: id })
      expect((await store.captures.listFiles(id)).map((file) => file.name)).toEqual([
        'cpu.pb.gz',
        'more.log',
      ])
    })

    test('a second file of the same name is refused', async () => {
      const { store } = await openAt()
      const claim = await claimed(store, (await waiting(store)).id)
      await addFileTo(store, claim, 'a.log')
      await expect(addFileTo(store, claim, 'a.log')).rejects.toMatchObject({
        code: 'REQUEST_INVALID',
      })
    })

    test('a profile for a capture that was lost is refused', async () => {
      const { store } = await openAt()
      const claim = { id: (await waiting(store)).id, leaseToken: 'other' }
      await expect(addProfileTo(store, claim, 'cpu.pb.gz')).rejects.toMatchObject({
        code: 'CAPTURE_FINISHED',
      })
      const { items } = await store.profiles.list({}, { limit: 10, cursor: null })
      expect(items).toEqual([])
    })

    test('a capture that waits is cancelled at once, one that runs is asked to end', async () => {
      const { store } = await openAt()
      const first = await waiting(store)
      expect(await store.captures.cancel(first.id)).toBe('cancelled')
      expect(await store.captures.cancel(first.id)).toBe('finished')
      expect(await store.captures.claim(first.id, OWNER)).toBeNull()
      const second = await waiting(store)
      const claim = await claimed(store, second.id)
      expect(await store.captures.cancel(second.id)).toBe('asked')
      expect(await store.captures.renew(claim, 1000)).toBe('cancelled')
      await store.captures.finish(claim, { status: 'cancelled', error: null })
      expect(await store.captures.find(second.id)).toMatchObject({ status: 'cancelled' })
      expect(await store.captures.cancel('01JD6Q8G0000000000000000AA')).toBeNull()
    })

    test('a collector that has not begun gives the capture back', async () => {
      const { store } = await openAt()
      const { id } = await waiting(store)
      expect(await store.captures.release(await claimed(store, id))).toBe(true)
      expect(await store.captures.find(id)).toMatchObject({ status: 'waiting', startedAtMs: null })
      expect(await store.captures.claim(id, OWNER)).not.toBeNull()
    })

    test('when a collector is gone, what it took is kept and the capture ends in words', async () => {
      const { store, clock } = await openAt()
      const some = await waiting(store)
      const none = await waiting(store)
      const claim = await claimed(store, some.id)
      await claimed(store, none.id)
      const taking = { ...part('heap', 'heap.pb.gz'), state: 'taking' as const }
      const parts = [part('cpu', 'cpu.pb.gz'), taking, part('block', 'block.pb.gz')]
      await store.captures.update(claim, { parts })
      await addProfileTo(store, claim, 'cpu.pb.gz')
      expect(await store.captures.expireLeases(clock.nowMs)).toBe(0)
      clock.nowMs += OWNER.leaseMs + 1
      expect(await store.captures.expireLeases(clock.nowMs)).toBe(2)
      expect(await store.captures.renew(claim, 1000)).toBe('lost')
      const ended = await store.captures.find(some.id)
      expect(ended).toMatchObject({ status: 'partial', error: { code: 'COLLECTOR_GONE' } })
      expect(ended?.parts.map(({ state }) => state)).toEqual(['taken', 'failed', 'skipped'])
      expect(await store.captures.find(none.id)).toMatchObject({
        status: 'failed',
        reportStatus: 'failed',
      })
    })

    test.each([
      ['target', { target: 'api' }],
      ['component', { component: 'kube-apiserver' }],
      ['status', { status: 'waiting' }],
      ['label', { labels: [{ name: 'why', value: 'slow' }] }],
    ] as const)('the list can be narrowed by %s', async (_, filter) => {
      const { store } = await openAt()
      const { id } = await waiting(store)
      const other = await waiting(store, { target: 'x', component: 'etcd', labels: [] })
      await store.captures.cancel(other.id)
      const { items } = await store.captures.list(filter, { limit: 10, cursor: null })
      expect(items.map((item) => item.id)).toEqual([id])
    })

    test('profiles are counted by the values of a filter, of those that the other filters leave', async () => {
      const { store } = await openAt()
      await addProfile(store, 'a', { target: 'one', component: 'etcd', type: 'heap' })
      await addProfile(store, 'b', { target: 'two', component: 'etcd', type: 'cpu' })
      await addProfile(store, 'c', { component: 'kubelet', type: 'cpu' })
      const facets = await store.profiles.facets({ component: 'etcd', type: 'cpu' })
      expect(facets).toEqual({
        target: [{ value: 'two', count: 1 }],
        cluster: [{ value: null, count: 1 }],
        component: [
          { value: 'etcd', count: 1 },
          { value: 'kubelet', count: 1 },
        ],
        type: [
          { value: 'cpu', count: 1 },
          { value: 'heap', count: 1 },
        ],
        status: [{ value: 'received', count: 1 }],
        level: [{ value: null, count: 1 }],
        isCut: false,
      })
      const { items } = await store.profiles.list({ target: '' }, { limit: 10, cursor: null })
      expect(items.map(({ target }) => target)).toEqual([null])
    })

    test('captures are counted by the values of a filter', async () => {
      const { store } = await openAt()
      await waiting(store)
      await waiting(store, { target: 'x', component: 'etcd', cluster: 'blue' })
      const facets = await store.captures.facets({ cluster: 'blue' })
      expect(facets.target).toEqual([{ value: 'x', count: 1 }])
      expect(facets.status).toEqual([{ value: 'waiting', count: 1 }])
      expect(facets.cluster.length).toBeGreaterThan(1)
    })

    test('the list is newest first, in pages', async () => {
      const { store } = await openAt()
      const ids: string[] = []
      for (let count = 0; count < 3; count++) ids.push((await waiting(store)).id)
      const first = await store.captures.list({}, { limit: 2, cursor: null })
      expect(first.items.map(({ id }) => id)).toEqual([ids[2], ids[1]])
      const second = await store.captures.list({}, { limit: 2, cursor: first.nextCursor })
      expect(second.items.map(({ id }) => id)).toEqual([ids[0]])
    })
  })

  describe(`captures that are uploaded, in ${name}`, () => {
    test('a bundle is there whole, its profiles to be analysed', async () => {
      const { store } = await openAt()
      const { capture, analysisIds, isDuplicate } = await uploadCapture(store, [
        'cpu.pb.gz',
        'heap.pb.gz',
      ])
      expect(isDuplicate).toBe(false)
      expect(analysisIds).toHaveLength(2)
      expect(capture).toMatchObject({ status: 'complete', origin: 'upload' })
      expect(capture.parts.map(({ state }) => state)).toEqual(['taken', 'taken', 'taken'])
      expect(await store.analyses.backlog()).toMatchObject({ waitingCount: 2 })
    })

    test('the same content of the same source is the capture that is there', async () => {
      const { store } = await openAt()
      const both = await Promise.all([
        uploadCapture(store, ['cpu.pb.gz']),
        uploadCapture(store, ['cpu.pb.gz']),
      ])
      expect(both.filter(({ isDuplicate }) => isDuplicate)).toHaveLength(1)
      expect(new Set(both.map(({ capture }) => capture.id)).size).toBe(1)
      expect((await store.profiles.list({}, { limit: 10, cursor: null })).items).toHaveLength(1)
    })

    test('a removed capture is gone at once, its rows and blobs after the sweep', async () => {
      const { store } = await openAt()
      const { capture } = await uploadCapture(store, ['cpu.pb.gz'])
      const files = await store.captures.listFiles(capture.id)
      expect(await store.captures.remove(capture.id)).toBe('removed')
      expect(await store.captures.remove(capture.id)).toBeNull()
      expect(await store.captures.find(capture.id)).toBeNull()
      expect((await store.profiles.list({}, { limit: 10, cursor: null })).items).toEqual([])
      const keys = await store.garbage.deleteRows(10)
      expect(keys.toSorted()).toEqual(files.map(({ blobKey }) => blobKey).toSorted())
      expect(await store.garbage.unknownKeys(keys)).toEqual(keys)
      expect((await uploadCapture(store, ['cpu.pb.gz'])).isDuplicate).toBe(false)
    })

    test('a capture of which a link shares a profile stays', async () => {
      const { store, clock } = await openAt()
      const { capture } = await uploadCapture(store, ['cpu.pb.gz'])
      const profileId = capture.parts.find((one) => one.profileId !== null)?.profileId ?? ''
      const expiresAtMs = clock.nowMs + 1000
      await store.links.add({ profileId, tokenHash: 'hash', view: '', expiresAtMs })
      expect(await store.captures.remove(capture.id)).toBe('shared')
      expect(await store.captures.find(capture.id)).not.toBeNull()
      clock.nowMs += 2000
      expect(await store.captures.remove(capture.id)).toBe('removed')
    })
  })
}

async function waiting(store: Store, change: Partial<NewCapture> = {}) {
  const [capture] = await store.captures.create([{ ...WAITING, ...change }])
  if (capture === undefined) throw new Error('no capture was made')
  return capture
}

async function claimed(store: Store, id: string) {
  const claim = await store.captures.claim(id, OWNER)
  if (claim === null) throw new Error('the capture cannot be claimed')
  return claim
}

function part(kind: CapturePart['kind'], fileName: string): CapturePart {
  const nothing = { profileId: null, sizeBytes: null, durationMs: null, error: null, note: null }
  return { kind, fileName, state: 'waiting', ...nothing }
}

type Claim = Awaited<ReturnType<typeof claimed>>

/** Adds a profile that was just taken to a running capture; returns the profile's id. */
export async function addProfileTo(store: Store, claim: Claim, name: string): Promise<string> {
  const blob = await store.blobs.put(new TextEncoder().encode(name))
  const { profile } = await store.captures.addProfile(
    { claim, kind: 'cpu', name, durationMs: null, note: null },
    {
      source: { ...NOTHING_DECLARED, fileName: name },
      dedupeKey: `${claim.id} ${name}`,
      blob,
      receivedAtMs: Date.now(),
    },
  )
  return profile.id
}

async function addFileTo(store: Store, claim: Claim, name: string): Promise<boolean> {
  const blob = await store.blobs.put(new TextEncoder().encode(name))
  return store.captures.addFile(claim, { name, kind: 'log', blob, durationMs: null, note: null })
}
