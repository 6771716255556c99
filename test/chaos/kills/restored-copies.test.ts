import { spawnSync } from 'node:child_process'
import { cp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openPostgresServer, type PostgresServer } from '../../postgres-server.ts'
import { lacks } from '../../requirements.ts'
import { openS3Server, type S3Server } from '../../s3-server.ts'
import { memoryDirectory } from '../../temporary-directory.ts'
import { CHAOS_TIMEOUT_MS, isFull } from '../../extent.ts'
import { killAll, type KubeprofProcess, startKubeprof } from '../kubeprof-process.ts'
import { type History, startUploaders } from '../uploaders.ts'

const KUBEPROF = fileURLToPath(new URL('../../../bin/kubeprof', import.meta.url))

afterEach(killAll)

async function start(
  data: string,
  env: Readonly<Record<string, string>> = {},
): Promise<KubeprofProcess> {
  return startKubeprof(['serve', '--port', '0', '--data', data], { env })
}

async function upload({ url }: KubeprofProcess, count: number): Promise<History['acknowledged']> {
  const uploaders = startUploaders(4, () => url)
  await uploaders.untilMore(count)
  return (await uploaders.stop()).acknowledged
}

function copyDatabase(data: string, to: string): void {
  const database = new DatabaseSync(join(data, 'kubeprof.db'))
  database.exec(`vacuum into '${to}'`)
  database.close()
}

async function filesIn(data: string): Promise<number> {
  const names = await readdir(join(data, 'blobs'), { recursive: true })
  return names.filter((name) => name.length > 80).length
}

async function deletionCheck({ url }: KubeprofProcess): Promise<unknown> {
  const { checks } = JSON.parse(await (await fetch(`${url}/readyz`)).text())
  return checks.find((check: { readonly name: string }) => check.name === 'deletion')
}

/** Runs `kubeprof verify` beside the server. */
function verify(data: string, env: Readonly<Record<string, string>> = {}) {
  const { status, stdout } = spawnSync(KUBEPROF, ['verify', '--data', data], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  })
  return { status, stdout }
}

test(
  'an older database over newer files deletes none of them, says so, and goes on serving and taking uploads',
  async () => {
    const folder = await memoryDirectory()
    const data = join(folder, 'data')
    const first = await start(data)
    await upload(first, 20)
    copyDatabase(data, join(folder, 'copy.db'))
    await upload(first, 20)
    // Until the files are marked as used with a newer database.
    await expect.poll(() => first.isAlive()).toBe(true)
    await first.end('SIGTERM')
    for (const suffix of ['', '-wal', '-shm'])
      await rm(join(data, `kubeprof.db${suffix}`), { force: true })
    await cp(join(folder, 'copy.db'), join(data, 'kubeprof.db'))
    const before = await filesIn(data)
    const second = await start(data)
    await expect
      .poll(() => deletionCheck(second))
      .toMatchObject({
        isReady: false,
        text: expect.stringContaining(`kubeprof verify --accept --data ${data}`),
      })
    const more = await upload(second, 3)
    expect(more.length).toBeGreaterThan(0)
    expect(await filesIn(data)).toBeGreaterThanOrEqual(before + more.length)
    expect(second.output()).toContain('deletion is stopped')
    expect(verify(data)).toMatchObject({ status: 1, stdout: expect.stringContaining('older copy') })
  },
  CHAOS_TIMEOUT_MS,
)

test(
  'older files under a newer database are named as missing, and no row is deleted for it',
  async () => {
    const folder = await memoryDirectory()
    const data = join(folder, 'data')
    const first = await start(data)
    const old = await upload(first, 5)
    await first.end('SIGTERM')
    await cp(join(data, 'blobs'), join(folder, 'blobs'), { recursive: true })
    const second = await start(data)
    const late = await upload(second, 5)
    await second.end('SIGKILL')
    await rm(join(data, 'blobs'), { recursive: true })
    await cp(join(folder, 'blobs'), join(data, 'blobs'), { recursive: true })
    const third = await start(data)
    const answerOf = async (id: string | undefined) =>
      (await fetch(`${third.url}/api/v1/profiles/${id}/raw`)).status
    expect(await answerOf(old[0]?.id)).toBe(200)
    expect(await answerOf(late[0]?.id)).toBe(500)
    expect((await fetch(`${third.url}/api/v1/profiles/${late[0]?.id}`)).status).toBe(200)
    const { status, stdout } = verify(data)
    expect(status).toBe(1)
    expect(Number(/(\d+) missing/.exec(stdout)?.[1])).toBeGreaterThanOrEqual(late.length)
  },
  CHAOS_TIMEOUT_MS,
)

describe.skipIf(['postgres', 's3'].some((name) => lacks(name)) || !isFull)(
  'Postgres and S3, one of them restored',
  () => {
    let postgres: PostgresServer
    let s3: S3Server
    beforeAll(async () => {
      ;[postgres, s3] = await Promise.all([openPostgresServer(), openS3Server()])
    })
    afterAll(async () => {
      await Promise.all([postgres.close(), s3.close()])
    })

    test(
      'an older Postgres over a newer S3 deletes no object, says so, and goes on serving and taking uploads',
      async () => {
        const { data, env, objects } = await makeServices()
        const first = await start(data, env)
        await upload(first, 20)
        await first.end('SIGTERM')
        const older = await postgres.createDatabase(env.KUBEPROF_STORE_POSTGRES_URL)
        const second = await start(data, env)
        await upload(second, 20)
        await second.end('SIGTERM')
        const before = await objects()
        const third = await start(data, { ...env, KUBEPROF_STORE_POSTGRES_URL: older })
        await expect
          .poll(() => deletionCheck(third))
          .toMatchObject({ isReady: false, text: expect.stringContaining('verify --accept') })
        expect((await upload(third, 3)).length).toBeGreaterThan(0)
        const after = await objects()
        expect(before.filter((name) => !after.includes(name))).toEqual([])
        expect(third.output()).toContain('deletion is stopped')
      },
      CHAOS_TIMEOUT_MS,
    )

    test(
      'an older S3 under a newer Postgres is named as missing, and no row is deleted for it',
      async () => {
        const { data, env, objects } = await makeServices()
        const first = await start(data, env)
        const old = await upload(first, 5)
        await first.end('SIGTERM')
        const before = new Set(await objects())
        const second = await start(data, env)
        const late = await upload(second, 5)
        await second.end('SIGTERM')
        for (const path of await objects()) {
          if (!before.has(path)) await rm(join(s3.objects, path))
        }
        const third = await start(data, env)
        const statusOf = async (path: string) =>
          (await fetch(`${third.url}/api/v1/profiles/${path}`)).status
        expect(await statusOf(`${old[0]?.id}/raw`)).toBe(200)
        expect(await statusOf(`${late[0]?.id}/raw`)).toBe(500)
        expect(await statusOf(late[0]?.id ?? '')).toBe(200)
        const { status, stdout } = verify(data, env)
        expect(status).toBe(1)
        expect(Number(/(\d+) missing/.exec(stdout)?.[1])).toBeGreaterThanOrEqual(late.length)
      },
      CHAOS_TIMEOUT_MS,
    )

    /** An empty database and bucket, and a folder for what is not in them. */
    async function makeServices() {
      const { s3Endpoint, s3Bucket, s3AccessKeyId, s3SecretAccessKey } = await s3.createBucket()
      const data = join(await memoryDirectory(), 'data')
      const env = {
        KUBEPROF_STORE_KIND: 'postgres',
        KUBEPROF_STORE_POSTGRES_URL: await postgres.createDatabase(),
        KUBEPROF_BLOBS_KIND: 's3',
        KUBEPROF_BLOBS_S3_ENDPOINT: s3Endpoint,
        KUBEPROF_BLOBS_S3_BUCKET: s3Bucket,
        KUBEPROF_BLOBS_S3_ACCESS_KEY_ID: s3AccessKeyId,
        KUBEPROF_BLOBS_S3_SECRET_ACCESS_KEY: s3SecretAccessKey,
      }
      const migrated = spawnSync(KUBEPROF, ['migrate', '--data', data], {
        env: { ...process.env, ...env },
      })
      expect(migrated.status).toBe(0)
      return {
        data,
        env,
        /** The paths of the files of the bucket that hold profiles and what was made of them. */
        objects: async (): Promise<readonly string[]> => {
          const paths = await readdir(s3.objects, { recursive: true })
          return paths.filter(
            (path) => path.startsWith(s3Bucket) && /[0-9a-f]{64}-\w{26}$/.test(path),
          )
        },
      }
    }
  },
)
