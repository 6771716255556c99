import { describe, expect, test } from 'vitest'
import type { MatchedCapture, Nearest, Store, UploadedCapture } from '../../store/index.ts'
import { uploadCapture } from '../store/upload-capture.ts'
import { REQUEST, resultWith } from './judged-captures.ts'
import { addReady, claimNext } from './ready-profiles.ts'
import type { Clock } from './store.ts'

interface Taken extends Partial<UploadedCapture> {
  readonly startedAtMs: number
  /** By its metrics. */
  readonly processStartedAtMs?: number
}

/** What a store promises of captures and profiles beside each other in time. `open` gives an empty one. */
export function describeNearest(name: string, open: (clock: Clock) => Promise<Store>): void {
  const openNow = () => open({ nowMs: Date.now() + 60_000 })
  const named = { target: 'api', instance: 'a', cluster: 'prod', component: 'kube-apiserver' }
  const unnamed = { component: 'kube-apiserver' }

  describe(`what to compare with in ${name}`, () => {
    test('of captures that name a process, those next to it in time of the same names', async () => {
      const store = await openNow()
      const ids: string[] = []
      for (const startedAtMs of [3000, 1000, 2000])
        ids.push(await taken(store, { ...named, startedAtMs }))
      await taken(store, { ...named, instance: 'b', startedAtMs: 2500 })
      await taken(store, { ...named, cluster: 'test', startedAtMs: 1500 })
      await taken(store, { ...unnamed, startedAtMs: 1600 })
      const [last = '', first = '', middle = ''] = ids
      expect(await nearest(store, middle)).toEqual({
        before: [first, 'instance'],
        after: [last, 'instance'],
      })
      expect(await nearest(store, first)).toMatchObject({ before: null })
      expect(await nearest(store, last)).toMatchObject({ after: null })
    })

    test('of captures that name none, those of the same component and cluster that name none either', async () => {
      const store = await openNow()
      const first = await taken(store, { ...unnamed, startedAtMs: 1000 })
      await taken(store, { ...named, startedAtMs: 1100 })
      await taken(store, { component: 'etcd', startedAtMs: 1200 })
      await taken(store, { ...unnamed, space: 'theirs', startedAtMs: 1250 })
      await taken(store, { ...unnamed, cluster: 'test', startedAtMs: 1300 })
      await taken(store, { ...unnamed, status: 'failed', startedAtMs: 1400 })
      const removed = await taken(store, { ...unnamed, startedAtMs: 1500 })
      await store.captures.remove(removed)
      const second = await taken(store, { ...unnamed, startedAtMs: 2000 })
      expect(await nearest(store, second)).toEqual({ before: [first, 'component'], after: null })
      expect(await nearest(store, first)).toEqual({ before: null, after: [second, 'component'] })
    })

    test('of captures taken at the same time the one that came first is before', async () => {
      const store = await openNow()
      const first = await taken(store, { ...unnamed, startedAtMs: 1000 })
      const second = await taken(store, { ...unnamed, startedAtMs: 1000, note: 'again' })
      expect(await nearest(store, second)).toEqual({ before: [first, 'component'], after: null })
    })

    test('one of a process that started at the same time is preferred to a nearer one', async () => {
      const store = await openNow()
      const a = { ...unnamed, processStartedAtMs: 7 }
      const b = { ...unnamed, processStartedAtMs: 8 }
      const firstOfA = await taken(store, { ...a, startedAtMs: 1000 })
      const firstOfB = await taken(store, { ...b, startedAtMs: 1001 })
      const laterOfA = await taken(store, { ...a, startedAtMs: 2000 })
      const laterOfB = await taken(store, { ...b, startedAtMs: 2001 })
      expect((await nearest(store, laterOfA)).before).toEqual([firstOfA, 'process'])
      expect((await nearest(store, laterOfB)).before).toEqual([firstOfB, 'process'])
      expect((await nearest(store, firstOfA)).after).toEqual([laterOfA, 'process'])
    })

    test('where there is none of the same names, one of the same component, and it says so', async () => {
      const store = await openNow()
      const other = await taken(store, { ...named, instance: 'b', startedAtMs: 1000 })
      const alone = await taken(store, { ...named, startedAtMs: 2000 })
      const folder = await taken(store, { ...unnamed, startedAtMs: 3000 })
      expect(await nearest(store, alone)).toEqual({
        before: [other, 'other'],
        after: [folder, 'other'],
      })
      expect((await nearest(store, folder)).before).toEqual([alone, 'other'])
    })

    test('of a capture of an unknown program that names no process, none', async () => {
      const store = await openNow()
      await taken(store, { startedAtMs: 1000 })
      const later = await taken(store, { startedAtMs: 2000 })
      expect(await nearest(store, later)).toEqual({ before: null, after: null })
      expect(await store.captures.nearest('01JD6Q8G0000000000000000AA')).toEqual({
        before: null,
        after: null,
      })
    })

    test('those without a part of the kind that is asked for are passed over', async () => {
      const store = await openNow()
      const first = await taken(store, { ...unnamed, startedAtMs: 1000 })
      await taken(store, { ...unnamed, startedAtMs: 1500 }, [])
      const last = await taken(store, { ...unnamed, startedAtMs: 2000 })
      expect((await store.captures.nearest(last, 'profile')).before?.capture.id).toBe(first)
      expect((await store.captures.nearest(last, 'trace')).before).toBeNull()
    })

    test('of profiles in no capture, those of the same type of the same names, else of the component', async () => {
      const store = await openNow()
      const add = async (text: string, takenAtMs: number, source = {}) =>
        (await addReady(store, text, { ...unnamed, type: 'cpu', takenAtMs, ...source })).profile.id
      const api = { target: 'api', instance: 'a' }
      const first = await add('a', 1000)
      const firstNamed = await add('b', 1100, api)
      await add('c', 1200, { ...api, instance: 'b' })
      await add('d', 1300, { type: 'heap' })
      await add('e', 1400, { ...api, cluster: 'test' })
      const second = await add('f', 2000)
      const secondNamed = await add('g', 2100, api)
      const etcd = await add('h', 3000, { component: 'etcd' })
      const before = async (id: string) => {
        const found = (await store.profiles.nearest(id)).before
        return found === null ? null : [found.profile.id, found.match]
      }
      expect(await before(second)).toEqual([first, 'component'])
      expect(await before(secondNamed)).toEqual([firstNamed, 'instance'])
      expect(await before(firstNamed)).toEqual([first, 'other'])
      expect(await before(etcd)).toBeNull()
      expect((await store.profiles.nearest(first)).after?.profile.id).toBe(second)
    })
  })
}

type Found = readonly [id: string, match: MatchedCapture['match']] | null

async function nearest(store: Store, id: string): Promise<Nearest<Found>> {
  const { before, after } = await store.captures.nearest(id)
  return { before: found(before), after: found(after) }
}

function found(near: MatchedCapture | null): Found {
  return near === null ? null : [near.capture.id, near.match]
}

/** Uploads a capture, and judges it where the start of its process is known. */
async function taken(
  store: Store,
  { processStartedAtMs, ...capture }: Taken,
  profiles: readonly string[] = ['cpu.pb.gz'],
): Promise<string> {
  const dedupeKey = JSON.stringify(capture)
  const { id } = (await uploadCapture(store, profiles, { ...capture, dedupeKey })).capture
  if (processStartedAtMs === undefined) return id
  await store.analyses.fail(await claimNext(store), {
    code: 'PROFILE_INVALID',
    message: 'No.',
    reason: null,
    offsetBytes: null,
  })
  const claim = await store.judgements.claim(id, REQUEST)
  if (claim === null) throw new Error('the capture is not to be judged')
  const judged = resultWith({ types: [], findings: [] }, null)
  await store.judgements.complete(claim, { ...judged, processStartedAtMs })
  return id
}
