import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readDirectory } from '../chaos/judge-history.ts'
import { killAll } from '../chaos/kubeprof-process.ts'
import { type Acknowledged, startUploaders } from '../chaos/uploaders.ts'
import { lacks } from '../requirements.ts'
import { temporaryDirectory } from '../temporary-directory.ts'
import { openStack, type Stack } from './open-stack.ts'
import { until } from '../until.ts'

const execute = promisify(execFile)
const KUBEPROF = fileURLToPath(new URL('../../bin/kubeprof', import.meta.url))

/** As without any settings: the tests are of what users see. */
const DEFAULTS = { KUBEPROF_WORKER_SWEEP_MS: '5000', KUBEPROF_WORKER_LEASE_MS: '15000' }

const isLacking = ['postgres', 'redis', 's3'].some((name) => lacks(name))

describe.skipIf(isLacking)('two servers, two workers, Postgres, Redis and S3', () => {
  let stack: Stack
  beforeAll(async () => {
    stack = await openStack({ env: DEFAULTS })
  })
  afterAll(async () => {
    await stack.close()
    await killAll()
  })

  test('what one server takes, the other shows', async () => {
    const uploaders = startUploaders(1, () => stack.servers[0].url)
    await uploaders.untilMore(1)
    const { acknowledged } = await uploaders.stop()
    await untilReady(acknowledged)
    const [{ id } = { id: '' }] = acknowledged
    const top = await fetch(`${stack.servers[1].url}/api/v1/profiles/${id}/top`)
    expect(await top.json()).toMatchObject({ total: 42 })
  })

  test('a worker that is killed loses nothing', async () => {
    let count = 0
    const uploaders = startUploaders(4, () => stack.servers[count++ % 2 === 0 ? 0 : 1].url)
    await uploaders.untilMore(20)
    await stack.workers[0].end('SIGKILL')
    await uploaders.untilMore(20)
    const { acknowledged, refused, unknownCount } = await uploaders.stop()
    expect({ refused, unknownCount }).toEqual({ refused: [], unknownCount: 0 })
    await untilReady(acknowledged)
  })

  test('a wiped Redis costs nothing, and one that is gone only seconds', async () => {
    await stack.redis.send('FLUSHALL')
    await stack.redis.kill()
    await until(async () => (await statusOf(stack.servers[0].url)) === 'degraded')
    const uploaders = startUploaders(2, () => stack.servers[1].url)
    await uploaders.untilMore(20)
    const { acknowledged, refused, unknownCount } = await uploaders.stop()
    expect({ refused, unknownCount }).toEqual({ refused: [], unknownCount: 0 })
    await untilReady(acknowledged)
    await stack.redis.start()
    await until(async () => (await statusOf(stack.servers[0].url)) === 'ready')
  })

  test('both servers give back the bytes that were uploaded', async () => {
    const uploaders = startUploaders(1, () => stack.servers[0].url)
    await uploaders.untilMore(1)
    const { acknowledged } = await uploaders.stop()
    for (const { id, bytes } of acknowledged) {
      const raw = await fetch(`${stack.servers[1].url}/api/v1/profiles/${id}/raw`)
      expect(Buffer.from(await raw.arrayBuffer()).equals(bytes)).toBe(true)
    }
  })

  test('a backup is taken while it runs, and goes back into another Postgres and S3, and into a folder', async () => {
    const uploaders = startUploaders(1, () => stack.servers[0].url)
    await uploaders.untilMore(3)
    const { acknowledged } = await uploaders.stop()
    await untilReady(acknowledged)
    const folder = await temporaryDirectory()
    const backup = join(folder, 'backup')
    const own = ['--data', join(folder, 'own')]
    await kubeprof(['backup', backup, ...own], stack.env)
    expect(await kubeprof(['verify', '--data', backup], {})).toContain('0 missing')
    const { s3Bucket } = await stack.s3.createBucket()
    const other = {
      ...stack.env,
      KUBEPROF_STORE_POSTGRES_URL: await stack.postgres.createDatabase(),
      KUBEPROF_BLOBS_S3_BUCKET: s3Bucket,
    }
    await kubeprof(['restore', backup, ...own], other)
    expect(await kubeprof(['verify', ...own], other)).toContain('0 missing')
    const settings = join(folder, 'embedded.yaml')
    const embedded = join(folder, 'embedded')
    await writeFile(settings, `store: { directory: ${embedded} }`)
    await kubeprof(['migrate', '--to', settings, ...own], other)
    expect(await kubeprof(['verify', '--data', embedded], {})).toContain('0 missing')
    const { profiles, fileKeys } = await readDirectory(embedded)
    const found = new Map(profiles.map(({ id, rawBlobId }) => [id, rawBlobId]))
    const lost = acknowledged.filter(({ id }) => !fileKeys.has(found.get(id) ?? ''))
    expect(lost).toEqual([])
  })

  async function untilReady(uploads: readonly Acknowledged[]): Promise<void> {
    const left = new Set(uploads.map(({ id }) => id))
    await until(async () => {
      for (const id of left) {
        const reply = await fetch(`${stack.servers[1].url}/api/v1/profiles/${id}`)
        const body: unknown = await reply.json()
        if (JSON.stringify(body).includes('"status":"ready"')) left.delete(id)
      }
      return left.size === 0
    })
  }
})

/** Runs a command and returns what it printed; throws when it does not exit with 0. */
async function kubeprof(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const { stdout } = await execute(KUBEPROF, [...args], { env: { ...process.env, ...env } })
  return stdout
}

async function statusOf(url: string): Promise<unknown> {
  const body: unknown = await (await fetch(`${url}/readyz`)).json()
  return typeof body === 'object' && body !== null && 'status' in body ? body.status : null
}
