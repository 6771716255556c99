import { expect, test } from 'vitest'
import { AppError } from '../../api/index.ts'
import { makeCollectMetrics } from '../../collect/index.ts'
import { openCaptureRuns } from '../../collect/schedule/claim-captures.ts'
import type { NewCapture, Store } from '../../store/index.ts'
import { found, withProcesses } from '../contract/target-fixtures.ts'
import { openTestStore } from '../store/open-store.ts'

const STALE_MS = 60_000

const ASKED: NewCapture = {
  origin: 'demand',
  target: 'a',
  component: 'go',
  instance: null,
  cluster: null,
  processKey: 'p',
  schedule: null,
  request: null,
  seconds: null,
  labels: [],
  note: null,
}

interface OpenOptions {
  readonly capturesMax?: number
  /** Settles when a process may be reached; none ever can be. */
  readonly untilReached?: Promise<void>
}

async function never(): Promise<never> {
  throw new TypeError('nothing is taken')
}

/** Runs over a real store, in which every process turns out not to be reachable. */
async function open({ capturesMax = 9, untilReached = Promise.resolve() }: OpenOptions = {}) {
  const store = await openTestStore()
  await withProcesses(store, ['p', 'q', 'r'].map(found))
  const metrics = makeCollectMetrics()
  const closing = new AbortController()
  const runs = openCaptureRuns({
    store,
    profiles: { receive: never },
    files: { receiveFile: never },
    reach: {
      replace: () => undefined,
      close: () => undefined,
      async use() {
        await untilReached
        throw new AppError('TARGET_UNREACHABLE')
      },
    },
    leaseMs: 10_000,
    bytesMax: 1,
    metrics,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    signal: new AbortController().signal,
    owner: 'test',
    capturesMax,
    clusterMax: 9,
    staleMs: STALE_MS,
    closing: closing.signal,
  })
  return { store, runs, metrics, closing }
}

async function add(store: Store, ...captures: readonly Partial<NewCapture>[]) {
  const created = await store.captures.create(captures.map((one) => ({ ...ASKED, ...one })))
  return created.map(({ id }) => id)
}

async function statesOf(store: Store, ids: readonly string[]) {
  const captures = await Promise.all(ids.map((id) => store.captures.find(id)))
  return captures.map((capture) => `${capture?.status} ${capture?.error?.code ?? ''}`.trim())
}

test('a waiting capture is claimed and ends with its outcome, and its process is free again', async () => {
  const { store, runs } = await open()
  const ids = await add(store, {}, { processKey: 'q' })
  await runs.fill()
  await runs.settled()
  expect(await statesOf(store, ids)).toEqual([
    'failed TARGET_UNREACHABLE',
    'failed TARGET_UNREACHABLE',
  ])
  expect((await store.targets.processes(['a'])).map(({ isLeased }) => isLeased)).not.toContain(true)
})

test('the number of running captures is limited, and one that ends makes room for the next', async () => {
  const { promise: untilReached, resolve: reach } = Promise.withResolvers<void>()
  const { store, runs, metrics } = await open({ capturesMax: 2, untilReached })
  const ids = await add(store, {}, { processKey: 'q' }, { processKey: 'r' })
  await runs.fill()
  expect(await statesOf(store, ids)).toEqual(['running', 'running', 'waiting'])
  expect(await metrics.text()).toContain('kubeprof_captures_running 2')
  reach()
  await expect.poll(() => statesOf(store, ids)).toEqual(ids.map(() => 'failed TARGET_UNREACHABLE'))
  await runs.settled()
  expect(await metrics.text()).toContain('kubeprof_captures_running 0')
})

test('of one process one capture is taken at a time', async () => {
  const { promise: untilReached, resolve: reach } = Promise.withResolvers<void>()
  const { store, runs } = await open({ untilReached })
  const ids = await add(store, {}, {})
  await Promise.all([runs.fill(), runs.fill()])
  expect(await statesOf(store, ids)).toEqual(['running', 'waiting'])
  reach()
  await runs.settled()
})

test('a slot that is long past is missed, and counted; a requested capture is never too late', async () => {
  const { store, runs, metrics } = await open()
  const slotAtMs = Date.now() - STALE_MS - 1000
  const request = { profiles: null, seconds: null, slotAtMs }
  const ids = await add(
    store,
    { origin: 'schedule', schedule: 's', request },
    { processKey: 'q', request },
  )
  await runs.fill()
  await runs.settled()
  expect(await statesOf(store, ids)).toEqual([
    'cancelled CAPTURE_MISSED',
    'failed TARGET_UNREACHABLE',
  ])
  expect(await metrics.text()).toContain('kubeprof_capture_skipped_total{reason="missed"} 1')
})

test('when it closes nothing more is claimed', async () => {
  const { store, runs, closing } = await open()
  const ids = await add(store, {})
  closing.abort()
  await runs.fill()
  await runs.settled()
  expect(await statesOf(store, ids)).toEqual(['waiting'])
})
