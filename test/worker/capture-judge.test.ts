import { expect, test } from 'vitest'
import { openInProcessQueue } from '../../queue/index.ts'
import type { Store, UploadedCapture } from '../../store/index.ts'
import { openCaptureJudge, openCaptureReporter } from '../../worker/index.ts'
import { isThorough } from '../extent.ts'
import { NOTHING_DECLARED } from '../store/new-profile.ts'
import { openTestStore } from '../store/open-store.ts'
import { temporaryDirectory } from '../temporary-directory.ts'
import { openTestPool, openTestWorker, QUICK } from './open-test-worker.ts'
import { until } from '../until.ts'

const VERSIONS = { decoder: '1', ruleSet: 'a' }

test('a capture is judged as soon as its last profile is read, without waiting for a sweep', async () => {
  const queue = openInProcessQueue()
  const { store } = await openTestWorker({ queue, sweepMs: 600_000 })
  const { capture, analysisIds } = await upload(store, ['good 1', 'good 2'])
  await Promise.all(analysisIds.map((id) => queue.notify(id)))
  await untilJudged(store, capture.id)
  expect(await store.captures.find(capture.id)).toMatchObject({ reportStatus: 'ready' })
})

test('a capture without a notification is judged after a sweep', async () => {
  const { store } = await openTestWorker()
  const { capture } = await upload(store, ['good 1'])
  await untilJudged(store, capture.id)
  expect(await store.captures.findReport(capture.id, 'zh')).toMatchObject({ language: 'zh' })
})

test.each(isThorough ? ['abort', 'exit', 'loop'] : ['exit'])(
  'a capture that makes its decoder %s three times has failed, and others are judged',
  async (deed) => {
    const { store } = await openTestWorker(deed === 'loop' ? { analysisMsMax: 3000 } : {})
    // Read as a profile it is good; the decoder judges by what is in the first file.
    const bad = await upload(store, ['good 1'], `${deed}:1`)
    const good = await upload(store, ['good 2'])
    await untilJudged(store, good.capture.id)
    await untilJudged(store, bad.capture.id)
    expect(await store.captures.find(good.capture.id)).toMatchObject({ reportStatus: 'ready' })
    expect(await store.captures.find(bad.capture.id)).toMatchObject({
      reportStatus: 'failed',
      reportFailure: { code: 'CAPTURE_FAILED', message: expect.stringContaining('ecoder') },
    })
  },
)

test('what is not the capture’s fault is put off, and then done', async () => {
  const { store, logged } = await openTestWorker()
  const { capture } = await upload(store, ['good 1'], 'put off:1')
  // Until it was put off.
  await until(() => logged.some(({ message }) => message === 'capture judgement postponed'))
  expect(await store.captures.find(capture.id)).toMatchObject({ reportStatus: 'waiting' })
})

test('without a worker a report is judged when it is asked for, once for all who ask', async () => {
  const directory = await temporaryDirectory()
  const store = await openTestStore({ directory })
  const { capture } = await upload(store, ['good 1'])
  const pool = openTestPool(directory)
  const judged: string[] = []
  const log = {
    info: (_: object, message: string) => void judged.push(message),
    warn: () => undefined,
    error: () => undefined,
  }
  const judge = openCaptureJudge({ options: QUICK, store, pool, versions: VERSIONS, log })
  const reporter = openCaptureReporter({ captures: store.captures, judge })
  await expect(reporter.reportOf(capture.id, 'en')).rejects.toMatchObject({
    code: 'CAPTURE_NOT_READY',
  })
  const claim = await store.analyses.claimNext('normal', {
    owner: 'test',
    leaseMs: 1000,
    versions: VERSIONS,
  })
  if (claim === null) throw new Error('there is nothing to read')
  await store.analyses.fail(claim, {
    code: 'PROFILE_INVALID',
    message: 'It is broken.',
    reason: null,
    offsetBytes: null,
  })
  const asked = [1, 2, 3].map(() => reporter.reportOf(capture.id, 'en'))
  expect(await Promise.all(asked)).toMatchObject([{ version: 1 }, { version: 1 }, { version: 1 }])
  expect(judged).toEqual(['capture judged'])
  await judge.close()
})

test('when versions move a capture is judged again', async () => {
  const directory = await temporaryDirectory()
  const store = await openTestStore({ directory })
  const { capture } = await upload(store, ['good 1'])
  const first = await openTestWorker({ directory, store })
  await untilJudged(store, capture.id)
  await first.worker.close()
  const judgedCount = () =>
    second.logged.filter(({ message }) => message === 'capture judged').length
  const second = await openTestWorker({
    directory,
    store,
    versions: { decoder: '1', ruleSet: 'b' },
  })
  await until(() => judgedCount() === 1)
  expect(await store.captures.find(capture.id)).toMatchObject({ reportStatus: 'ready' })
})

async function untilJudged(store: Store, id: string): Promise<void> {
  const isJudged = async () => (await store.captures.find(id))?.reportStatus !== 'waiting'
  await until(isJudged)
}

/** A capture whose profiles, and whose judgement, are what the poison decoder makes of these texts. */
async function upload(store: Store, profiles: readonly string[], judgement = 'good') {
  const put = (text: string) => store.blobs.put(new TextEncoder().encode(text))
  const files: UploadedCapture['files'][number][] = [
    { name: '0.log', kind: 'log', blob: await put(judgement), profile: null },
  ]
  for (const text of profiles) {
    files.push({ name: text, kind: 'profile', blob: await put(text), profile: NOTHING_DECLARED })
  }
  const nothing = { target: null, component: null, instance: null, cluster: null, note: null }
  return store.captures.addUploaded({
    ...nothing,
    origin: 'upload',
    seconds: null,
    labels: [],
    dedupeKey: [judgement, ...profiles].join(' '),
    status: 'complete',
    startedAtMs: null,
    finishedAtMs: null,
    kubernetesVersion: null,
    goVersion: null,
    parts: [],
    error: null,
    files,
  })
}
