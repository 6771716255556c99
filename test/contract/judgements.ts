import { packReports } from '../../store/blobs.ts'
import { describe, expect, test } from 'vitest'
import type { Report } from '../../api/index.ts'
import type {
  AnalysisResult,
  JudgementResult,
  NewCapture,
  ProcessRoute,
  Store,
} from '../../store/index.ts'
import { uploadCapture } from '../store/upload-capture.ts'
import { ALL } from './ready-profiles.ts'
import { addProfileTo } from './captures.ts'
import { found, withProcesses } from './target-fixtures.ts'
import type { Clock } from './store.ts'

const VERSIONS = { decoder: '1', ruleSet: 'a' }
const REQUEST = { leaseMs: 10_000, versions: VERSIONS }

/** What every store promises of judging captures. `open` gives an empty one on this clock. */
export function describeJudgements(name: string, open: (clock: Clock) => Promise<Store>): void {
  const openAt = async () => {
    // Uploads are stamped by the real clock, which may be late by seconds on a busy machine.
    const clock = { nowMs: Date.now() + 60_000 }
    return { clock, store: await open(clock) }
  }

  describe(`judging captures, in ${name}`, () => {
    test('a capture is judged once all its profiles are read', async () => {
      const { store } = await openAt()
      const { capture } = await uploadCapture(store, ['cpu.pb.gz', 'heap.pb.gz'])
      await readOne(store)
      expect(await store.judgements.claimNext(REQUEST)).toBeNull()
      await readOne(store)
      const claim = await store.judgements.claimNext(REQUEST)
      expect(claim).toMatchObject({ id: capture.id, component: null, earlier: [] })
      expect(claim?.files.map((file) => file.name)).toEqual(['a.log', 'cpu.pb.gz', 'heap.pb.gz'])
      expect(await store.judgements.claimNext(REQUEST)).toBeNull()
    })

    test('one that does not declare its time has that of its earliest profile', async () => {
      const { store } = await openAt()
      const { capture } = await uploadCapture(store, ['cpu.pb.gz', 'heap.pb.gz', 'log.txt'])
      await readOne(store, 5000)
      await readOne(store, 3000)
      await readOne(store)
      await judging(store)
      expect(await store.captures.find(capture.id)).toMatchObject({ startedAtMs: 3000 })
    })

    test('its report is kept in both languages, and its worst finding with the capture', async () => {
      const { store } = await openAt()
      const { capture } = await uploadCapture(store, ['cpu.pb.gz'])
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

    test('captures are found, and counted, by the level of their worst finding', async () => {
      const { store } = await openAt()
      const { capture } = await uploadCapture(store, ['cpu.pb.gz'])
      await readOne(store)
      await store.judgements.complete(await judging(store), RESULT)
      const { level } = await store.captures.facets({})
      expect(level).toContainEqual({ value: 'warning', count: 1 })
      const idsAt = async (wanted: 'warning' | 'critical' | '') => {
        const found = await store.captures.list({ level: wanted }, { limit: 10, cursor: null })
        return found.items.map(({ id }) => id)
      }
      expect(await idsAt('warning')).toEqual([capture.id])
      expect(await idsAt('critical')).toEqual([])
      expect(await idsAt('')).not.toContain(capture.id)
    })

    test('when versions move it is judged again, and the report stays until then', async () => {
      const { store } = await openAt()
      const { capture } = await uploadCapture(store, ['cpu.pb.gz'])
      await readOne(store)
      await store.judgements.complete(await judging(store), RESULT)
      expect(await store.judgements.addForVersions(VERSIONS, ALL)).toMatchObject({ count: 0 })
      expect(
        await store.judgements.addForVersions({ decoder: '1', ruleSet: 'b' }, ALL),
      ).toMatchObject({ count: 1 })
      expect(await store.captures.find(capture.id)).toMatchObject({ reportStatus: 'ready' })
      const again = await judging(store)
      await store.judgements.fail(again, { code: 'CAPTURE_FAILED', message: 'No.' })
      expect(await store.captures.findReport(capture.id, 'en')).toEqual(reportIn('en'))
    })

    test('a failure is reported as a sentence', async () => {
      const { store } = await openAt()
      const { capture } = await uploadCapture(store, ['cpu.pb.gz'])
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
      const { capture } = await uploadCapture(store, ['cpu.pb.gz'])
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
      await uploadCapture(store, ['cpu.pb.gz'])
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
      const first = await uploadCapture(store, ['cpu.pb.gz'], { ...same, startedAtMs: 1000 })
      const second = await uploadCapture(store, ['cpu.pb.gz'], { ...same, startedAtMs: 2000 })
      await uploadCapture(store, ['cpu.pb.gz'], { ...same, instance: 'b', startedAtMs: 2500 })
      const last = await uploadCapture(store, ['cpu.pb.gz'], { ...same, startedAtMs: 3000 })
      await uploadCapture(store, ['cpu.pb.gz'], { ...same, startedAtMs: 4000 })
      for (let count = 0; count < 5; count++) await readOne(store)
      const claim = await store.judgements.claim(last.capture.id, REQUEST)
      expect(claim?.earlier.map(({ captureId }) => captureId)).toEqual([
        second.capture.id,
        first.capture.id,
      ])
      expect(claim?.earlier[0]?.files.map((file) => file.name)).toContain('cpu.pb.gz')
    })

    test('where the process of an upload answers is its instance', async () => {
      const { store } = await openAt()
      await uploadCapture(store, ['cpu.pb.gz'], { instance: '10.0.0.2:20257' })
      await readOne(store)
      expect(await judging(store)).toMatchObject({ address: '10.0.0.2:20257' })
    })

    test.each([
      [
        { via: 'direct', origin: 'https://10.0.0.2:20257', serverName: null },
        'https://10.0.0.2:20257',
      ],
      [
        { via: 'port-forward', namespace: 'n', pod: 'p', port: 6060, scheme: 'http' },
        'http://127.0.0.1:6060',
      ],
      // Commands reach it as they reach any: through the API server.
      [{ via: 'node-proxy', node: 'node-1' }, null],
      [{ via: 'api-server' }, null],
    ] satisfies readonly [ProcessRoute, string | null][])(
      'where the process of a target answers, by its route: %j',
      async (route, address) => {
        const { store } = await openAt()
        const process = found('p')
        await withProcesses(store, [{ ...process, address: { ...process.address, route } }])
        await takeOne(store, { target: 'a', processKey: 'p', instance: 'node-1' })
        expect(await judging(store)).toMatchObject({ address })
      },
    )
  })
}

const RESULT: JudgementResult = {
  reports: packReports({ en: reportIn('en'), zh: reportIn('zh') }),
  // A title is text of a profile: it may read like another level.
  worstFinding: { rule: 'x.y', level: 'warning', title: '"level":"critical"', share: null },
  findingCount: 1,
  kubernetesVersion: 'v1.30.4',
  goVersion: null,
  component: 'etcd',
  processStartedAtMs: 5,
  requests: null,
  previousCaptureId: null,
  seen: { types: ['cpu'], findings: [] },
  measured: null,
}

function reportIn(language: 'en' | 'zh'): Report {
  return { version: 1, language, inputs: [], gc: null, findings: [], notes: [] }
}

async function judging(store: Store) {
  const claim = await store.judgements.claimNext(REQUEST)
  if (claim === null) throw new Error('no capture is to be judged')
  return claim
}

/** A capture of a process of a target, taken and ended. */
async function takeOne(
  store: Store,
  process: Pick<NewCapture, 'target' | 'processKey' | 'instance'>,
): Promise<void> {
  const [capture] = await store.captures.create([
    {
      origin: 'demand',
      component: null,
      cluster: null,
      schedule: null,
      request: { profiles: ['heap'], seconds: null },
      seconds: null,
      labels: [],
      note: null,
      ...process,
    },
  ])
  const claim = await store.captures.claim(capture?.id ?? '', { owner: 'test', leaseMs: 10_000 })
  if (claim === null) throw new Error('the capture cannot be claimed')
  await addProfileTo(store, claim, 'heap.pb.gz')
  await store.captures.finish(claim, { status: 'complete', error: null })
  await readOne(store)
}

/** Analyses the profile that has been due longest. */
async function readOne(store: Store, takenAtMs: number | null = null): Promise<void> {
  const claim = await store.analyses.claimNext('normal', { ...REQUEST, owner: 'test' })
  if (claim === null) throw new Error('no profile is to be read')
  const columns = await store.blobs.put(new TextEncoder().encode('columns'))
  const result: AnalysisResult = {
    columns,
    facts: {
      type: 'cpu',
      component: null,
      kubernetesVersion: null,
      goVersion: null,
      takenAtMs,
      durationSeconds: null,
      sampleCount: 0,
      sampleTypes: [],
      defaultSampleType: 'cpu',
      warnings: [],
    },
    reports: packReports({ en: reportIn('en'), zh: reportIn('zh') }),
    worstFinding: null,
    findingCount: 0,
    seen: { types: ['cpu'], findings: [] },
    measured: null,
  }
  await store.analyses.complete(claim, result)
}
