import { expect, test } from 'vitest'
import type { Store, UploadedCapture } from '../../store/index.ts'
import { uploadCapture } from '../store/upload-capture.ts'
import { resultWith } from './judged-captures.ts'
import { claimNext, FACTS, REQUEST, resultFor } from './ready-profiles.ts'
import type { Clock } from './store.ts'

const TAKEN_MS = 1_700_000_000_000
const UPLOADED_MS = TAKEN_MS + 86_400_000

/** What every store promises of the times of captures that were taken elsewhere. `open` gives an empty one on this clock. */
export function describeUploadTimes(name: string, open: (clock: Clock) => Promise<Store>): void {
  const openStore = () => open({ nowMs: UPLOADED_MS })

  test(`an upload that says no times has those of its profiles, in ${name}`, async () => {
    const store = await openStore()
    const id = await judgedUpload(store, [
      { takenAtMs: TAKEN_MS + 31_000, durationSeconds: null },
      { takenAtMs: TAKEN_MS, durationSeconds: 30 },
    ])
    expect(await store.captures.find(id)).toMatchObject({
      startedAtMs: TAKEN_MS,
      finishedAtMs: TAKEN_MS + 31_000,
    })
    expect(await growth(store)).toEqual([
      {
        process: expect.any(String),
        metric: 'm',
        fromMs: TAKEN_MS - 31_000,
        toMs: TAKEN_MS,
        count: 20,
      },
    ])
  })

  test(`moments alone do not say how long an upload took, in ${name}`, async () => {
    const store = await openStore()
    const id = await judgedUpload(store, [
      { takenAtMs: TAKEN_MS, durationSeconds: null },
      { takenAtMs: TAKEN_MS + 200, durationSeconds: null },
    ])
    const times = { startedAtMs: TAKEN_MS, finishedAtMs: null }
    expect(await store.captures.find(id)).toMatchObject(times)
    expect(await growth(store)).toMatchObject([{ fromMs: TAKEN_MS, toMs: TAKEN_MS, count: 0 }])
  })

  test(`an upload of no known time has no requests, in ${name}`, async () => {
    const store = await openStore()
    const id = await judgedUpload(store, [{ takenAtMs: null, durationSeconds: 30 }])
    const times = { startedAtMs: null, finishedAtMs: null }
    expect(await store.captures.find(id)).toMatchObject(times)
    expect(await growth(store)).toEqual([])
  })

  test(`the begin that an upload says stays, and its profiles say how long it took, in ${name}`, async () => {
    const store = await openStore()
    const declared = { startedAtMs: TAKEN_MS + 5000 }
    const id = await judgedUpload(store, [{ takenAtMs: TAKEN_MS, durationSeconds: 30 }], declared)
    expect(await store.captures.find(id)).toMatchObject({
      startedAtMs: TAKEN_MS + 5000,
      finishedAtMs: TAKEN_MS + 35_000,
    })
  })

  test(`times that an upload says stay, in ${name}`, async () => {
    const store = await openStore()
    const declared = { startedAtMs: TAKEN_MS - 1000, finishedAtMs: TAKEN_MS + 60_000 }
    const id = await judgedUpload(store, [{ takenAtMs: TAKEN_MS, durationSeconds: 30 }], declared)
    expect(await store.captures.find(id)).toMatchObject(declared)
  })
}

type Times = Pick<typeof FACTS, 'takenAtMs' | 'durationSeconds'>

/** An upload of a process that served 20 requests meanwhile, with profiles of these times, read and judged. */
async function judgedUpload(
  store: Store,
  profiles: readonly Times[],
  declared: Partial<UploadedCapture> = {},
): Promise<string> {
  const names = profiles.map((_, index) => `${index}.pb.gz`)
  const { capture } = await uploadCapture(store, names, { target: 'api', ...declared })
  for (const times of profiles) {
    const result = await resultFor(store)
    await store.analyses.complete(await claimNext(store), {
      ...result,
      facts: { ...FACTS, ...times },
    })
  }
  const claim = await store.judgements.claim(capture.id, REQUEST)
  if (claim === null) throw new Error('the capture is not to be judged')
  await store.judgements.complete(claim, {
    ...resultWith({ types: [], findings: [] }, null),
    requests: { metric: 'm', count: 120, countBefore: 100 },
  })
  return capture.id
}

function growth(store: Store) {
  const filter = { space: 'default', targets: ['api'], fromMs: 0, toMs: UPLOADED_MS * 2 }
  return store.events.requests(filter, 86_400_000)
}
