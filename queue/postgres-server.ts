import { setTimeout as delay } from 'node:timers/promises'
import {
  createPostgresBackend,
  isPgPool,
  type PostgresConnectionOptions,
  Queue as BullmqQueue,
  runMigrations,
  Worker as BullmqWorker,
} from 'bullmq'
import { Pool } from 'pg'
import { type BullmqServer, type Consumer, ignore, type Notification } from './bullmq-server.ts'
import { bullmqQueue } from './bullmq-queue.ts'
import type { Queue } from './queue.ts'

const SCHEMA = 'bullmq'
/** One listens, one waits for a job, the others are for commands. */
const CONNECTIONS_MAX = 5
const CONNECT_MS_MAX = 3000
const STATEMENT_MS_MAX = 10_000
const RETRY_MS = 1000

export interface PostgresQueueOptions {
  readonly postgresUrl: string
  readonly name: string
}

/** BullMQ on Postgres, in a schema of its own that it migrates under a lock: scaled out without Redis. */
export function openPostgresQueue({ postgresUrl, name }: PostgresQueueOptions): Queue {
  const pool = openPool(postgresUrl)
  let prepared: Promise<unknown> | null = null
  const server: BullmqServer = {
    label: 'Postgres',
    isAway: () => false,
    async prepare() {
      const migrated = (prepared ??= runMigrations(pool, SCHEMA))
      await migrated.catch((error: unknown) => {
        prepared = null
        throw error
      })
    },
    makeProducer() {
      const defaultJobOptions = { removeOnComplete: true, removeOnFail: true }
      const queue = new BullmqQueue(
        name,
        { connection: bullmqPool(pool), defaultJobOptions },
        createPostgresBackend,
      )
      queue.on('error', ignore)
      return queue
    },
    makeConsumer: (handle, options) =>
      consumerOnceUp(server, () => {
        const worker = new BullmqWorker(
          name,
          ({ data }: { readonly data: Notification }) => handle(data),
          { ...options, connection: bullmqPool(pool) },
          createPostgresBackend,
        )
        worker.on('error', ignore)
        return worker
      }),
    async check(withProducer) {
      await withProducer((producer) => producer.count())
    },
    close: () => void pool.end().catch(ignore),
  }
  return bullmqQueue(server)
}

/** Given a pool and not an address, because BullMQ listens to no errors of the connections that it makes itself. */
function openPool(postgresUrl: string): Pool {
  const pool = new Pool({
    connectionString: postgresUrl,
    max: CONNECTIONS_MAX,
    application_name: 'kubeprof-queue',
    connectionTimeoutMillis: CONNECT_MS_MAX,
    statement_timeout: STATEMENT_MS_MAX,
    query_timeout: STATEMENT_MS_MAX,
    keepAlive: true,
    options: `-c search_path=${SCHEMA}`,
  })
  pool.on('error', ignore)
  pool.on('connect', (client) => void client.on('error', ignore))
  return pool
}

/** BullMQ's own type of a pool is narrower in what optional fields may hold. */
function bullmqPool(pool: Pool): PostgresConnectionOptions {
  if (isPgPool(pool)) return pool
  throw new TypeError('this is no pool of pg')
}

/** A worker of BullMQ that cannot reach Postgres at its start never does, so it is made once Postgres answers. */
function consumerOnceUp(server: BullmqServer, make: () => Consumer): Consumer {
  const closing = new AbortController()
  let consumer: Consumer | null = null
  const makeOnceUp = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      if (await answers(server)) {
        if (!closing.signal.aborted) consumer = make()
        return
      }
      await delay(RETRY_MS, undefined, { signal: closing.signal }).catch(ignore)
    }
  }
  const made = makeOnceUp()
  return {
    async close(isForced) {
      closing.abort()
      await made
      await consumer?.close(isForced)
    },
  }
}

function answers(server: BullmqServer): Promise<boolean> {
  return server.prepare().then(
    () => true,
    () => false,
  )
}
