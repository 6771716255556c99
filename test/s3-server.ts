import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Value } from 'typebox/value'
import { BlobOptions } from '../store/index.ts'
import { freePort } from './free-port.ts'
import { find } from './requirements.ts'
import { MEMORY_FOLDER } from './temporary-directory.ts'
import { until } from './until.ts'

/** An S3 server (versitygw) of the test's own on a free loopback port, over a folder. */
export interface S3Server {
  readonly port: number
  /** The settings of a new bucket. */
  readonly createBucket: () => Promise<BlobOptions>
  /** The folder with a folder for each bucket. */
  readonly objects: string
  /** Ends it as a crash would. */
  readonly kill: () => Promise<void>
  readonly pause: () => void
  readonly resume: () => void
  readonly start: () => Promise<void>
  readonly close: () => Promise<void>
}

const ACCESS_KEY = 'kubeprof-test'
const SECRET_KEY = 'secret-of-the-test'

export async function openS3Server(): Promise<S3Server> {
  const port = await freePort()
  const directory = await mkdtemp(join(MEMORY_FOLDER, 'kubeprof-s3-'))
  const [objects, metadata] = [join(directory, 'objects'), join(directory, 'metadata')]
  await mkdir(objects)
  await mkdir(metadata)
  const endpoint = `http://127.0.0.1:${port}`
  let server: ChildProcess | null = null
  let bucketCount = 0

  async function start(): Promise<void> {
    // Beside the objects: not every file system in memory has extended attributes.
    const args = [
      '--port',
      `127.0.0.1:${port}`,
      '--quiet',
      '--keep-alive',
      '--health',
      '/health',
      'posix',
    ]
    server = spawn(find('versitygw') ?? 'versitygw', [...args, '--sidecar', metadata, objects], {
      stdio: 'ignore',
      env: { ROOT_ACCESS_KEY_ID: ACCESS_KEY, ROOT_SECRET_ACCESS_KEY: SECRET_KEY },
    })
    await until(async () => (await fetch(`${endpoint}/health`).catch(() => null))?.ok === true)
  }

  async function kill(): Promise<void> {
    if (server === null) return
    const exited = once(server, 'exit')
    server.kill('SIGKILL')
    await exited
    server = null
  }

  await start()
  return {
    port,
    objects,
    kill,
    start,
    pause: () => void server?.kill('SIGSTOP'),
    resume: () => void server?.kill('SIGCONT'),
    async createBucket() {
      // A folder is a bucket.
      const s3Bucket = `bucket-${bucketCount++}`
      await mkdir(join(objects, s3Bucket))
      return {
        ...Value.Create(BlobOptions),
        kind: 's3',
        s3Endpoint: endpoint,
        s3Bucket,
        s3AccessKeyId: ACCESS_KEY,
        s3SecretAccessKey: SECRET_KEY,
      }
    },
    async close() {
      await kill()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
