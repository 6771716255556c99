import { describe, expect, test } from 'vitest'
import type { CapturePart, Report } from '../../api/index.ts'
import type {
  AnalysisResult,
  CaptureEnding,
  JudgementResult,
  NewCapture,
  Store,
  UploadedCapture,
} from '../../store/index.ts'
import { NOTHING_SAID } from '../store/new-profile.ts'
import type { Clock } from './store.ts'

const OWNER = { owner: 'test', leaseMs: 10_000 }
const VERSIONS = { decoder: '1', ruleSet: 'a' }
const REQUEST = { leaseMs: 10_000, versions: VERSIONS }
const COMPLETE: CaptureEnding = { status: 'complete', error: null }
const WAITING: NewCapture = {
  origin: 'demand',
  target: 'api',
  component: 'kube-apiserver',
  instance: 'node-1',
  cluster: 'prod',
  processKey: 'prod/kube-apiserver/10.0.0.1:6443',
  schedule: null,
  requestJson: '{"kinds":["cpu"]}',
  seconds: 10,
  labels: [{ name: 'why', value: 'slow' }],
  note: null,
}

/** What every store promises of captures. `open` gives an empty one on this clock. */
export function describeCaptures(name: string, open: (clock: Clock) => Promise<Store>): void {
  const openAt = async () => {
    const clock = { nowMs: Date.now() + 1000 }
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
      if (claim === undefined) throw new Error('nobody claimed it')
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
      const { capture, analysisIds, isDuplicate } = await upload(store, ['cpu.pb.gz', 'heap.pb.gz'])
      expect(isDuplicate).toBe(false)
      expect(analysisIds).toHaveLength(2)
      expect(capture).toMatchObject({ status: 'complete', origin: 'upload' })
      expect(capture.parts.map(({ state }) => state)).toEqual(['taken', 'taken', 'taken'])
      expect(await store.analyses.backlog()).toMatchObject({ waitingCount: 2 })
    })

    test('the same content of the same source is the capture that is there', async () => {
      const { store } = await openAt()
      const both = await Promise.all([upload(store, ['cpu.pb.gz']), upload(store, ['cpu.pb.gz'])])
      expect(both.map(({ isDuplicate }) => isDuplicate).toSorted()).toEqual([false, true])
      expect(new Set(both.map(({ capture }) => capture.id)).size).toBe(1)
      expect((await store.profiles.list({}, { limit: 10, cursor: null })).items).toHaveLength(1)
    })

    test('a removed capture is gone at once, its rows and blobs after the sweep', async () => {
      const { store } = await openAt()
      const { capture } = await upload(store, ['cpu.pb.gz'])
      const files = await store.captures.listFiles(capture.id)
      expect(await store.captures.remove(capture.id)).toBe('removed')
      expect(await store.captures.remove(capture.id)).toBeNull()
      expect(await store.captures.find(capture.id)).toBeNull()
      expect((await store.profiles.list({}, { limit: 10, cursor: null })).items).toEqual([])
      const keys = await store.garbage.deleteRows(10)
      expect(keys.toSorted()).toEqual(files.map(({ blobKey }) => blobKey).toSorted())
      expect(await store.garbage.unknownKeys(keys)).toEqual(keys)
      expect((await upload(store, ['cpu.pb.gz'])).isDuplicate).toBe(false)
    })

    test('a capture of which a link shares a profile stays', async () => {
      const { store, clock } = await openAt()
      const { capture } = await upload(store, ['cpu.pb.gz'])
      const profileId = capture.parts.find((one) => one.profileId !== null)?.profileId ?? ''
      const expiresAtMs = clock.nowMs + 1000
      await store.links.add({ profileId, tokenHash: 'hash', view: '', expiresAtMs })
      expect(await store.captures.remove(capture.id)).toBe('shared')
      expect(await store.captures.find(capture.id)).not.toBeNull()
      clock.nowMs += 2000
      expect(await store.captures.remove(capture.id)).toBe('removed')
    })
  })

  describe(`judging captures, in ${name}`, () => {
    test('a capture is judged once all its profiles are read', async () => {
      const { store } = await openAt()
      const { capture } = await upload(store, ['cpu.pb.gz', 'heap.pb.gz'])
      await readOne(store)
      expect(await store.judgements.claimNext(REQUEST)).toBeNull()
      await readOne(store)
      const claim = await store.judgements.claimNext(REQUEST)
      expect(claim).toMatchObject({ captureId: capture.id, component: null, earlier: [] })
      expect(claim?.files.map((file) => file.name)).toEqual(['a.log', 'cpu.pb.gz', 'heap.pb.gz'])
      expect(await store.judgements.claimNext(REQUEST)).toBeNull()
    })

    test('its report is kept in both languages, and its worst finding with the capture', async () => {
      const { store } = await openAt()
      const { capture } = await upload(store, ['cpu.pb.gz'])
      await readOne(store)
      const claim = await judging(store)
      expect(await store.judgements.complete(claim, RESULT)).toBe(true)
      expect(await store.judgements.complete(claim, RESULT)).toBe(false)
      expect(await store.captures.findReport(capture.id, 'zh')).toEqual(reportIn('zh'))
      expect(await store.captures.find(capture.id)).toMatchObject({
        reportStatus: 'ready',
        component: 'etcd',
        kubernetesVersion: 'v1.30.4',
        worstFinding: { rule: 'x.y' },
      })
    })

    test('when versions move it is judged again, and the report stays until then', async () => {
      const { store } = await openAt()
      const { capture } = await upload(store, ['cpu.pb.gz'])
      await readOne(store)
      await store.judgements.complete(await judging(store), RESULT)
      expect(await store.judgements.addForVersions(VERSIONS, 10)).toBe(0)
      expect(await store.judgements.addForVersions({ decoder: '1', ruleSet: 'b' }, 10)).toBe(1)
      expect(await store.captures.find(capture.id)).toMatchObject({ reportStatus: 'ready' })
      const again = await judging(store)
      await store.judgements.fail(again, { code: 'CAPTURE_FAILED', message: 'No.' })
      expect(await store.captures.findReport(capture.id, 'en')).toEqual(reportIn('en'))
    })

    test('what fails is told in words', async () => {
      const { store } = await openAt()
      const { capture } = await upload(store, ['cpu.pb.gz'])
      await readOne(store)
      const failure = { code: 'CAPTURE_FAILED', message: 'No.' }
      await store.judgements.fail(await judging(store), failure)
      expect(await store.captures.find(capture.id)).toMatchObject({
        reportStatus: 'failed',
        reportFailure: failure,
      })
    })

    test('a worker that is gone is counted, and the third time it fails', async () => {
      const { store, clock } = await openAt()
      const { capture } = await upload(store, ['cpu.pb.gz'])
      await readOne(store)
      const rules = { backoffMs: [0], crashCountMax: 3 }
      for (let count = 1; count <= 3; count++) {
        expect(await judging(store)).toMatchObject({ crashCount: count })
        clock.nowMs += REQUEST.leaseMs + 1
        expect(await store.judgements.expireLeases(clock.nowMs, rules)).toBe(1)
      }
      expect(await store.judgements.claimNext(REQUEST)).toBeNull()
      expect(await store.captures.find(capture.id)).toMatchObject({ reportStatus: 'failed' })
    })

    test('a worker that stops gives it back, the crash uncounted', async () => {
      const { store, clock } = await openAt()
      await upload(store, ['cpu.pb.gz'])
      await readOne(store)
      await store.judgements.release(await judging(store))
      await store.judgements.retryLater(await judging(store), 1000)
      expect(await store.judgements.claimNext(REQUEST)).toBeNull()
      clock.nowMs += 1001
      expect(await judging(store)).toMatchObject({ crashCount: 1, retryCount: 1 })
    })

    test('earlier captures of the same process come along, newest first', async () => {
      const { store } = await openAt()
      const same = { target: 'api', instance: 'a', cluster: null }
      const first = await upload(store, ['cpu.pb.gz'], { ...same, startedAtMs: 1000 })
      const second = await upload(store, ['cpu.pb.gz'], { ...same, startedAtMs: 2000 })
      await upload(store, ['cpu.pb.gz'], { ...same, instance: 'b', startedAtMs: 2500 })
      const last = await upload(store, ['cpu.pb.gz'], { ...same, startedAtMs: 3000 })
      await upload(store, ['cpu.pb.gz'], { ...same, startedAtMs: 4000 })
      for (let count = 0; count < 5; count++) await readOne(store)
      const claim = await store.judgements.claim(last.capture.id, REQUEST)
      expect(claim?.earlier.map(({ captureId }) => captureId)).toEqual([
        second.capture.id,
        first.capture.id,
      ])
      expect(claim?.earlier[0]?.files.map((file) => file.name)).toContain('cpu.pb.gz')
    })
  })
}

const RESULT: JudgementResult = {
  reports: { en: reportIn('en'), zh: reportIn('zh') },
  worstFinding: { rule: 'x.y', level: 'warning', title: 'T', titleZh: null, share: null },
  kubernetesVersion: 'v1.30.4',
  goVersion: null,
  component: 'etcd',
  processStartedAtMs: 5,
  previousCaptureId: null,
}

function reportIn(language: 'en' | 'zh'): Report {
  return { version: 1, language, inputs: [], gc: null, findings: [], notes: [] }
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

async function judging(store: Store) {
  const claim = await store.judgements.claimNext(REQUEST)
  if (claim === null) throw new Error('no capture is to be judged')
  return claim
}

function part(kind: CapturePart['kind'], fileName: string): CapturePart {
  const nothing = { profileId: null, sizeBytes: null, durationMs: null, error: null, note: null }
  return { kind, fileName, state: 'waiting', ...nothing }
}

type Claim = Awaited<ReturnType<typeof claimed>>

async function addProfileTo(store: Store, claim: Claim, name: string): Promise<string> {
  const blob = await store.blobs.put(new TextEncoder().encode(name))
  const { profile } = await store.profiles.add({
    source: { ...NOTHING_SAID, fileName: name },
    capture: { claim, kind: 'cpu', name, durationMs: null, note: null },
    dedupeKey: `${claim.id} ${name}`,
    blob,
    receivedAtMs: Date.now(),
  })
  return profile.id
}

async function addFileTo(store: Store, claim: Claim, name: string): Promise<boolean> {
  const blob = await store.blobs.put(new TextEncoder().encode(name))
  return store.captures.addFile(claim, { name, kind: 'log', blob, durationMs: null, note: null })
}

async function upload(
  store: Store,
  profiles: readonly string[],
  change: Partial<UploadedCapture> = {},
) {
  const put = (text: string) => store.blobs.put(new TextEncoder().encode(text))
  const files = []
  for (const name of profiles) {
    const profile = { ...NOTHING_SAID, fileName: name }
    files.push({ name, kind: 'profile' as const, blob: await put(name), profile })
  }
  files.push({ name: 'a.log', kind: 'log' as const, blob: await put('log'), profile: null })
  return store.captures.addUploaded({
    origin: 'upload',
    target: null,
    component: null,
    instance: null,
    cluster: null,
    seconds: null,
    labels: [],
    note: null,
    dedupeKey: `${profiles.join(' ')} ${change.instance} ${change.startedAtMs}`,
    status: 'complete',
    startedAtMs: null,
    finishedAtMs: null,
    kubernetesVersion: null,
    goVersion: null,
    parts: [],
    error: null,
    files,
    ...change,
  })
}

/** Analyses the profile that has been due longest. */
async function readOne(store: Store): Promise<void> {
  const claim = await store.analyses.claimNext('normal', { ...OWNER, versions: VERSIONS })
  if (claim === null) throw new Error('no profile is to be read')
  const columns = await store.blobs.put(new TextEncoder().encode('columns'))
  const result: AnalysisResult = {
    columns,
    facts: {
      type: 'cpu',
      component: null,
      kubernetesVersion: null,
      goVersion: null,
      takenAtMs: null,
      durationSeconds: null,
      sampleCount: 0,
      sampleTypes: [],
      defaultSampleType: 'cpu',
      warnings: [],
    },
    reports: { en: reportIn('en'), zh: reportIn('zh') },
    worstFinding: null,
  }
  await store.analyses.complete(claim, result)
}
