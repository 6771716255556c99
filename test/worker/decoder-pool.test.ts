import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { RunOptions } from '../../worker/pool/decoder-process.ts'
import type { DecoderTask, ResultOf } from '../../worker/pool/decoder-task.ts'
import type { DecoderPool } from '../../worker/index.ts'
import { isThorough } from '../extent.ts'
import { PATIENCE_MS } from '../patience.ts'
import { NOTHING_DECLARED } from '../store/new-profile.ts'
import { openTestStore } from '../store/open-store.ts'
import { temporaryDirectory } from '../temporary-directory.ts'
import { openTestPool, QUICK } from './open-test-worker.ts'
import { collectGarbage } from '../collect-garbage.ts'
import { until } from '../until.ts'

const MIB = 1024 * 1024

function analysisOf(rawBlobKey: string): DecoderTask<'analyse'> {
  return { kind: 'analyse', rawBlobKey, source: NOTHING_DECLARED, earlier: [], baseline: null }
}

async function openPool(options = QUICK) {
  const directory = await temporaryDirectory()
  const { blobs } = await openTestStore({ directory })
  const pool = openTestPool(directory, options)
  const put = async (text: string) => (await blobs.put(Buffer.from(text))).key
  const analyse = async (text: string, msMax = PATIENCE_MS, signal?: AbortSignal) => {
    const task = analysisOf(await put(text))
    return runOne(pool, task, { msMax, ...(signal === undefined ? {} : { signal }) })
  }
  const pidOf = async (key: string) => {
    const bytes = { key, form: 'columns' } as const
    const task = { kind: 'top', bytes, query: {} } as const
    const { rows } = await runOne(pool, task, { msMax: PATIENCE_MS })
    return rows[0]?.name
  }
  return { pool, put, analyse, pidOf }
}

async function runOne<Task extends DecoderTask>(
  pool: DecoderPool,
  task: Task,
  options: RunOptions,
): Promise<ResultOf<Task>> {
  const decoder = await pool.take('bytes' in task ? task.bytes.key : null)
  try {
    return await decoder.run(task, options)
  } finally {
    decoder.giveBack()
  }
}

const DEATHS = [
  ['exit', 'crash'],
  ['loop', 'timeout'],
  ['eat buffers', 'oom'],
] as const
const FURTHER_DEATHS = [
  ['abort', 'crash'],
  ['throw', 'crash'],
  ['eat heap', 'oom'],
] as const

test.each(isThorough ? [...DEATHS, ...FURTHER_DEATHS] : DEATHS)(
  'a decoder that is made to %s dies of %s, and the next task gets another',
  async (deed, reason) => {
    const { analyse } = await openPool({ ...QUICK, decoderMemoryBytesMax: 128 * MIB })
    const msMax = deed === 'loop' ? 300 : PATIENCE_MS
    await expect(analyse(`${deed}:1`, msMax)).rejects.toMatchObject({ name: 'DecoderDied', reason })
    await expect(analyse('good')).resolves.toMatchObject({ facts: { type: 'cpu' } })
  },
)

test('what the decoder refuses comes back with its code and details, and it lives on', async () => {
  const { analyse, pidOf } = await openPool()
  const before = await pidOf('a')
  await expect(analyse('refuse:1')).rejects.toMatchObject({
    code: 'PROFILE_INVALID',
    details: { reason: 'varint', offsetBytes: 7 },
  })
  expect(await pidOf('a')).toBe(before)
})

test('a decoder that lives on holds nothing of the tasks that it has done', async () => {
  const { analyse } = await openPool()
  const results = []
  for (let task = 0; task < 10; task++) results.push(new WeakRef(await analyse('good')))
  await collectGarbage()
  // The last one may still stand on the stack of this test.
  expect(results.slice(0, -1).filter((result) => result.deref() !== undefined)).toEqual([])
})

test('an aborted task ends with its process', async () => {
  const { analyse } = await openPool()
  const abort = new AbortController()
  const sign = join(await temporaryDirectory(), 'it-runs')
  const running = analyse(`write a file and hang:${sign}`, PATIENCE_MS, abort.signal)
  const isCancelled = until(() => existsSync(sign)).then(() => abort.abort())
  await expect(running).rejects.toMatchObject({ reason: 'cancelled' })
  await isCancelled
})

test('a view goes to the process that has its columns decoded', async () => {
  const { pidOf } = await openPool()
  const [first, second] = await Promise.all([pidOf('a'), pidOf('b')])
  expect(second).not.toBe(first)
  expect([await pidOf('b'), await pidOf('a'), await pidOf('b')]).toEqual([second, first, second])
})

test('when too many wait the next is refused', async () => {
  const { analyse, pool } = await openPool({ ...QUICK, analysesMax: 1, viewsWaitingMax: 1 })
  const mayEnd = join(await temporaryDirectory(), 'may-end')
  const running = [1, 2, 3, 4].map(() => analyse(`wait for a file:${mayEnd}`))
  // The first that ends.
  await expect(Promise.race(running)).rejects.toMatchObject({ code: 'OVERLOADED' })
  writeFileSync(mayEnd, '')
  const results = await Promise.allSettled(running)
  const refused = results.filter(({ status }) => status === 'rejected')
  expect(refused).toHaveLength(1)
  expect(refused[0]).toMatchObject({ reason: { code: 'OVERLOADED' } })
  await pool.close()
})

test('closing ends what runs', async () => {
  const { analyse, pool, put } = await openPool()
  const rawBlobKey = await put('loop:1')
  const decoder = await pool.take(null)
  const task = analysisOf(rawBlobKey)
  const running = decoder.run(task, { msMax: PATIENCE_MS })
  await Promise.all([expect(running).rejects.toMatchObject({ reason: 'cancelled' }), pool.close()])
  await expect(analyse('good')).rejects.toMatchObject({ code: 'SHUTTING_DOWN' })
})
