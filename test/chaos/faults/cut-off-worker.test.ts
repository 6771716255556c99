import { Client } from 'pg'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { byWayOf, openStack, type Stack } from '../../stack/open-stack.ts'
import { lacks } from '../../requirements.ts'
import { CHAOS_TIMEOUT_MS, extent, isFull, isThorough } from '../../extent.ts'
import { memoryDirectory } from '../../temporary-directory.ts'
import { until } from '../../until.ts'
import { openFaultyProxy } from './faulty-proxy.ts'
import { FLAWLESS, judgeHistory } from '../judge-history.ts'
import { killAll, type KubeprofProcess, startKubeprof } from '../kubeprof-process.ts'
import { endedTwice, readStack } from '../stack-state.ts'
import { type History, startUploaders } from '../uploaders.ts'

const TIMES = extent(1, 10)
/** Cut off from S3 alone a worker keeps its leases, and puts off what it cannot do: that takes minutes. */
const CUTS: readonly { readonly what: string; readonly names: readonly ('postgres' | 's3')[] }[] = [
  { what: 'Postgres and S3', names: ['postgres', 's3'] },
  { what: 'Postgres', names: ['postgres'] },
  { what: 'S3', names: ['s3'] },
]

afterEach(killAll)

const isLacking = ['postgres', 'redis', 's3'].some((name) => lacks(name))

describe.skipIf(isLacking || !isThorough)(
  'two servers, two workers, Postgres, Redis and S3',
  () => {
    test.each(isFull ? CUTS : CUTS.slice(0, 1))(
      'what a worker holds that is cut off from $what is done by the other, once',
      async ({ names }) => {
        const stack = await openStack({ isDirect: true, workerCount: 1 })
        onTestFinished(() => stack.close())
        const { worker, ways } = await startCuttable(stack)
        const uploaders = startUploaders(2, alternating(stack))
        for (let times = 0; times < TIMES; times++) {
          const held = await until(async () => {
            await uploaders.untilMore(1)
            for (const name of names) ways[name].setFault('partition')
            const ids = await heldBy(stack, worker)
            if (ids.length === 0) for (const name of names) ways[name].setFault('none')
            return ids.length > 0 && ids
          })
          await until(async () => !(await areHeld(stack, held, worker)))
          await uploaders.untilMore(8)
          for (const name of names) ways[name].setFault('none')
          await uploaders.untilMore(8)
        }
        expect(await judge(stack, await uploaders.stop())).toEqual(FLAWLESS)
        expect(await endedTwice(stack)).toEqual([])
        expect(worker.isAlive()).toBe(true)
      },
      CHAOS_TIMEOUT_MS,
    )

    test(
      'Postgres that is killed while results are being entered: each is entered, once',
      async () => {
        const stack = await openStack({ isDirect: true })
        onTestFinished(() => stack.close())
        const uploaders = startUploaders(2, alternating(stack))
        for (let times = 0; times < TIMES; times++) {
          await uploaders.untilMore(8)
          // Results cannot get past it: their transactions have begun and wait.
          await lockReports(stack)
          await until(() => blockedCount(stack))
          await stack.postgres.kill()
          await stack.postgres.start()
          await uploaders.untilMore(8)
        }
        expect(await judge(stack, await uploaders.stop())).toEqual(FLAWLESS)
        expect(await endedTwice(stack)).toEqual([])
      },
      CHAOS_TIMEOUT_MS,
    )
  },
)

/** A second worker, with ways of its own to Postgres and S3. */
async function startCuttable(stack: Stack) {
  const ways = {
    postgres: await openFaultyProxy(stack.postgres.port),
    s3: await openFaultyProxy(stack.s3.port),
  }
  onTestFinished(async () => {
    await Promise.all([ways.postgres.close(), ways.s3.close()])
  })
  const { KUBEPROF_BLOBS_S3_ENDPOINT: s3Endpoint = '' } = stack.env
  const env = {
    ...stack.env,
    KUBEPROF_STORE_POSTGRES_URL: byWayOf(ways.postgres, stack.databaseUrl),
    KUBEPROF_BLOBS_S3_ENDPOINT: byWayOf(ways.s3, s3Endpoint),
  }
  return { ways, worker: await startKubeprof(['work', '--data', await memoryDirectory()], { env }) }
}

/** The analyses that this worker has a lease of. */
async function heldBy(
  { postgres, databaseUrl }: Stack,
  { pid }: KubeprofProcess,
): Promise<readonly string[]> {
  const rows = await postgres.run(
    `select "id" from "analysis" where "state" = 'analysing' and "leaseOwner" like '%/${pid}/%'`,
    databaseUrl,
  )
  return rows.map(({ id }) => String(id))
}

async function areHeld(stack: Stack, ids: readonly string[], worker: KubeprofProcess) {
  const held = new Set(await heldBy(stack, worker))
  return ids.some((id) => held.has(id))
}

/** A transaction that lets nobody write reports, until Postgres ends. */
async function lockReports({ databaseUrl }: Stack): Promise<void> {
  const client = new Client({ connectionString: databaseUrl })
  client.on('error', () => undefined)
  await client.connect()
  await client.query('begin; lock table "report" in share mode')
}

async function blockedCount({ postgres, databaseUrl }: Stack): Promise<number> {
  const statement = `select 1 from pg_stat_activity where wait_event_type = 'Lock' and wait_event = 'relation'`
  return (await postgres.run(statement, databaseUrl)).length
}

function judge(stack: Stack, history: History) {
  const readState = () => readStack(stack)
  return judgeHistory(history, { url: stack.servers[1].url, readState })
}

function alternating({ servers }: Stack): () => string {
  let count = 0
  return () => servers[count++ % 2 === 0 ? 0 : 1].url
}
