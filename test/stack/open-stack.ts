import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { promisify } from 'node:util'
import { type FaultyProxy, openFaultyProxy } from '../chaos/faults/faulty-proxy.ts'
import { commandFor, type KubeprofProcess, startKubeprof } from '../chaos/kubeprof-process.ts'
import { openPostgresServer, type PostgresServer } from '../postgres-server.ts'
import { openRedisServer, type RedisServer } from '../redis-server.ts'
import { openS3Server, type S3Server } from '../s3-server.ts'

const execute = promisify(execFile)

/** kubeprof scaled out on this machine: two servers, two workers and a collector on real Postgres, Redis and S3. */
export interface Stack {
  readonly postgres: PostgresServer
  readonly redis: RedisServer
  readonly s3: S3Server
  readonly servers: readonly [KubeprofProcess, KubeprofProcess]
  readonly workers: readonly [KubeprofProcess, ...KubeprofProcess[]]
  readonly collector: KubeprofProcess
  /** What stands between the processes and each of the three, unless they are direct. */
  readonly proxies: Readonly<Record<'postgres' | 'redis' | 's3', FaultyProxy>>
  /** The address of the database itself. */
  readonly databaseUrl: string
  /** The variables that all its processes have. */
  readonly env: Readonly<Record<string, string>>
  /** Stops all and deletes what it wrote. */
  readonly close: () => Promise<void>
}

export interface StackOptions {
  readonly queueKind?: 'bullmq' | 'bullmq-postgres'
  readonly env?: Readonly<Record<string, string>>
  /** Whether nothing stands between the processes and Postgres, Redis and S3. */
  readonly isDirect?: boolean
  readonly workerCount?: number
}

export async function openStack({
  queueKind = 'bullmq',
  env = {},
  isDirect = false,
  workerCount = 2,
}: StackOptions = {}): Promise<Stack> {
  const [postgres, redis, s3] = await Promise.all([
    openPostgresServer(),
    openRedisServer(),
    openS3Server(),
  ])
  const proxies = {
    postgres: await openFaultyProxy(postgres.port),
    redis: await openFaultyProxy(Number(new URL(redis.url).port)),
    s3: await openFaultyProxy(s3.port),
  }
  const folder = await mkdtemp(join(tmpdir(), 'kubeprof-stack-'))
  const started: KubeprofProcess[] = []
  const close = async () => {
    await Promise.all(started.map((one) => one.end('SIGTERM')))
    await Promise.all(Object.values(proxies).map((proxy) => proxy.close()))
    await Promise.all([postgres.close(), redis.close(), s3.close()])
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const bucket = await s3.createBucket()
    const databaseUrl = await postgres.createDatabase()
    const through = (proxy: FaultyProxy, url: string) => (isDirect ? url : byWayOf(proxy, url))
    const shared = {
      KUBEPROF_STORE_KIND: 'postgres',
      KUBEPROF_STORE_POSTGRES_URL: through(proxies.postgres, databaseUrl),
      KUBEPROF_BLOBS_KIND: 's3',
      KUBEPROF_BLOBS_S3_ENDPOINT: through(proxies.s3, bucket.s3Endpoint),
      KUBEPROF_BLOBS_S3_BUCKET: bucket.s3Bucket,
      KUBEPROF_BLOBS_S3_ACCESS_KEY_ID: bucket.s3AccessKeyId,
      KUBEPROF_BLOBS_S3_SECRET_ACCESS_KEY: bucket.s3SecretAccessKey,
      KUBEPROF_QUEUE_KIND: queueKind,
      KUBEPROF_QUEUE_REDIS_URL: through(proxies.redis, redis.url),
      ...env,
    }
    const start = async (name: string, args: readonly string[]) => {
      // As on machines of their own: no process shares a folder with another.
      const own = ['--data', join(folder, name)]
      const process = await startKubeprof([...args, ...own], { env: shared })
      started.push(process)
      return process
    }
    const serve = ['serve', '--roles', 'api', '--port', '0']
    // The processes wait until the tables are there.
    const migrated = migrate(join(folder, 'migrate'), shared)
    const others = Array.from({ length: workerCount - 1 }, (_, row) => `worker-${row + 2}`)
    const [first, second, collector, worker, otherWorkers] = await Promise.all([
      start('api-1', serve),
      start('api-2', serve),
      start('collector', ['collect']),
      start('worker-1', ['work']),
      Promise.all(others.map((name) => start(name, ['work']))),
      migrated,
    ])
    return {
      postgres,
      redis,
      s3,
      servers: [first, second],
      workers: [worker, ...otherWorkers],
      collector,
      proxies,
      databaseUrl,
      env: shared,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** The same address, by way of the proxy. */
export function byWayOf({ port }: FaultyProxy, url: string): string {
  return url.replace(/(?<=127\.0\.0\.1:)\d+/, String(port))
}

/** Brings the tables up to date as these variables say. */
export async function migrate(
  directory: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const [command = '', ...rest] = commandFor(env)
  const args = [...rest, 'migrate', '--data', directory]
  await execute(command, args, { env: { ...process.env, ...env } })
}
