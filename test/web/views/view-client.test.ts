import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openViewClient, startWorkerAhead } from '../../../web/view-worker/view-client.ts'
import type { WorkerFailure, WorkerRequest } from '../../../web/view-worker/view-messages.ts'
import { query } from './open-folded.ts'

interface WorkerPort {
  readonly postMessage: (answer: unknown) => void
}

type Answered =
  | { readonly ok: true; readonly answer: unknown }
  | { readonly ok: false; readonly failure: WorkerFailure }

type Answer = (request: WorkerRequest) => Answered | null

const LOADED = { sampleTypes: [{ type: 'cpu', unit: 'nanoseconds' }], defaultSampleType: 'cpu' }

/** As the browser's, but for what it does with a request: `null` leaves that without an answer. */
class TestWorker extends EventTarget {
  static answer: Answer = () => null
  static opened: TestWorker[] = []
  readonly asked: WorkerRequest[] = []
  isTerminated = false

  constructor() {
    super()
    TestWorker.opened.push(this)
  }

  postMessage({ request, port }: { request: WorkerRequest; port: WorkerPort }): void {
    this.asked.push(request)
    const answer = TestWorker.answer(request)
    if (answer !== null) port.postMessage(answer)
  }

  terminate(): void {
    this.isTerminated = true
  }
}

beforeEach(() => {
  vi.stubGlobal('Worker', TestWorker)
})

afterEach(() => {
  TestWorker.opened = []
})

async function open(answer: Answer = () => null) {
  TestWorker.answer = (request) =>
    request.kind === 'load' ? { ok: true, answer: LOADED } : answer(request)
  const client = await openViewClient(async () => new ArrayBuffer(8))
  const [worker] = TestWorker.opened
  if (worker === undefined) throw new Error('there is no worker')
  return { client, worker }
}

test('the columns go to a worker, which describes them', async () => {
  const { client, worker } = await open()
  expect(client.profile).toEqual(LOADED)
  expect(worker.asked).toMatchObject([{ kind: 'load' }])
  client.close()
  expect(worker.isTerminated).toBe(true)
})

test('two clients have two ids', async () => {
  const [one, other] = [await open(), await open()]
  expect(one.client.id).not.toBe(other.client.id)
})

test('each question gets its own answer, whatever their order', async () => {
  const { client, worker } = await open((request) => ({ ok: true, answer: `of ${request.kind}` }))
  const search = { query: query(), text: 'list', isRegex: false, hidesChain: true }
  const flame = {
    query: query(),
    zoom: '',
    range: { from: 0, to: 1 },
    hidesChain: true,
    framesMax: 9,
    widthPx: 99,
    framePxMin: 1,
  }
  expect(
    await Promise.all([
      client.top(query()),
      client.search(search),
      client.peek({ query: query(), funcName: 'main' }),
      client.tags(query()),
      client.flame(flame),
    ]),
  ).toEqual(['of top', 'of search', 'of peek', 'of tags', 'of flame'])
  expect(worker.asked).toContainEqual({ kind: 'search', ...search })
})

test('a refusal is thrown with its code', async () => {
  const failure = { code: 'PATTERN_INVALID', message: 'missing )' } as const
  const { client } = await open(() => ({ ok: false, failure }))
  await expect(client.top(query())).rejects.toMatchObject({ name: 'ViewError', ...failure })
})

test('a worker that breaks fails everything that waits for it', async () => {
  const { client, worker } = await open()
  const waiting = [client.top(query()), client.tags(query())]
  worker.dispatchEvent(Object.assign(new Event('error'), { message: 'out of memory' }))
  for (const result of await Promise.allSettled(waiting)) {
    expect(result).toMatchObject({
      status: 'rejected',
      reason: { name: 'ViewError', code: 'VIEW_FAILED', message: 'out of memory' },
    })
  }
})

test('columns that cannot be loaded leave no worker behind', async () => {
  const opening = openViewClient(async () => {
    throw new TypeError('no network')
  })
  await expect(opening).rejects.toThrow('no network')
  expect(TestWorker.opened.map(({ isTerminated }) => isTerminated)).toEqual([true])
})

test('columns that the worker cannot read leave no worker behind', async () => {
  const failure = { code: 'VIEW_FAILED', message: 'no columns' } as const
  TestWorker.answer = () => ({ ok: false, failure })
  await expect(openViewClient(async () => new ArrayBuffer(8))).rejects.toMatchObject(failure)
  expect(TestWorker.opened.map(({ isTerminated }) => isTerminated)).toEqual([true])
})

test('a worker that was started ahead is the one of the next client', async () => {
  startWorkerAhead()
  expect(TestWorker.opened).toHaveLength(1)
  await open()
  expect(TestWorker.opened).toHaveLength(1)
  await open()
  expect(TestWorker.opened).toHaveLength(2)
})

test('a worker that was started ahead and could not be loaded fails its client', async () => {
  startWorkerAhead()
  const failure = Object.assign(new Event('error'), { message: 'no script' })
  TestWorker.opened[0]?.dispatchEvent(failure)
  await expect(openViewClient(async () => new ArrayBuffer(8))).rejects.toThrow(/no script/)
})
