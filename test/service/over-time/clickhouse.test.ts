import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ClickhouseServer, openClickhouseServer } from '../../clickhouse-server.ts'
import { readProfile } from '../../../gzip/node.ts'
import { encodeProfile, profileFromFolded } from '../../../profile/index.ts'
import { contentTexts } from '../../profile/history/expected-sum.ts'
import { lacks } from '../../requirements.ts'
import { startService, type StartedService } from '../start-service.ts'

const START_MS = Date.UTC(2026, 5, 1)
const CPU = { type: 'cpu', unit: 'nanoseconds' }
const HEAP = [
  { type: 'alloc_space', unit: 'bytes' },
  { type: 'inuse_space', unit: 'bytes' },
]
const PROFILES = 6

describe.skipIf(lacks('clickhouse'))('history in ClickHouse', () => {
  let clickhouse: ClickhouseServer
  let services: readonly StartedService[]
  const shared = { 'history.pendingMin': '4', 'worker.sweepMs': '200' }

  beforeAll(async () => {
    clickhouse = await openClickhouseServer()
    const url = new URL(clickhouse.url)
    url.password = 'secret'
    url.username = 'kubeprof'
    services = [
      await startService({ settings: shared }),
      await startService({
        settings: {
          ...shared,
          'history.kind': 'clickhouse',
          'history.clickhouseUrl': url.href,
        },
      }),
    ]
  })
  afterAll(async () => {
    for (const service of services) await service.stop()
    await clickhouse.close()
  })

  test('answers what blocks answer, before and after profiles are packed', async () => {
    for (const service of services) await uploadAll(service)
    const [blocks, rows] = services
    if (blocks === undefined || rows === undefined) throw new Error('a service is missing')
    for (const _ of ['pending', 'packed']) {
      for (const path of PATHS) {
        const [expected, found] = [await answer(blocks, path), await answer(rows, path)]
        expect({ path, found }).toEqual({ path, found: expected })
      }
      await expect.poll(() => pendingCount(rows)).toBeLessThan(4)
    }
  })

  test('is not there: uploads go on, ranges say so, and the password is in no log', async () => {
    const [, service] = services
    if (service === undefined) throw new Error('the service is missing')
    await clickhouse.close()
    await upload(service, { type: 'cpu', minute: 50, instance: 'late' })
    const reply = await supertest(service.server).get(`/api/v1/range/top?${range('cpu')}`)
    expect([reply.status, reply.body.error.code]).toEqual([503, 'HISTORY_UNAVAILABLE'])
    const ready = await supertest(service.server).get('/readyz')
    expect(ready.body.status).toBe('degraded')
    expect(JSON.stringify([reply.body, service.logLines])).not.toContain('secret')
  })
})

function range(type: string): string {
  const q = encodeURIComponent('{target="api"}')
  return `q=${q}&type=${type}&from=${timeOf(2)}&to=${timeOf(40)}`
}

const PATHS = [
  `top?${range('cpu')}`,
  `flame?${range('cpu')}&by=cluster`,
  `tree?${range('cpu')}&f=list`,
  `peek?${range('cpu')}&function=list`,
  `series?${range('cpu')}&function=list&step=300`,
  `series?${range('cpu')}&function=serve&sort=cum&by=cluster`,
  `top?${range('heap')}&si=inuse_space`,
  `top?${range('heap')}&si=alloc_space`,
  `series?${range('heap')}&si=alloc_space`,
  `series?${range('heap')}&si=alloc_space&function=list`,
  `series?${range('heap')}&si=inuse_space&function=list&step=600&by=cluster`,
  `movers?${range('cpu')}&before=${timeOf(0)}&beforeTo=${timeOf(6)}`,
  `raw?${range('cpu')}`,
  `raw?${range('heap')}`,
  `labels?q=${encodeURIComponent('{target="api"}')}`,
]

async function answer(service: StartedService, path: string): Promise<unknown> {
  const reply = await supertest(service.server).get(`/api/v1/range/${path}`).responseType('blob')
  expect([path, reply.status]).toEqual([path, 200])
  const bytes = new Uint8Array(reply.body)
  return path.startsWith('raw')
    ? contentTexts(readProfile(bytes))
    : JSON.parse(Buffer.from(bytes).toString())
}

async function uploadAll(service: StartedService): Promise<void> {
  const minutes = Array.from({ length: PROFILES }, (_, index) => (index + 1) * 3)
  await Promise.all(
    minutes.flatMap((minute) =>
      ['one', 'two'].flatMap((instance) => [
        upload(service, { type: 'cpu', minute, instance }),
        upload(service, { type: 'heap', minute, instance }),
      ]),
    ),
  )
}

interface Uploaded {
  readonly type: 'cpu' | 'heap'
  readonly minute: number
  readonly instance: string
}

async function upload(
  service: StartedService,
  { type, minute, instance }: Uploaded,
): Promise<void> {
  const timeNs = BigInt(START_MS + minute * 60_000) * 1_000_000n
  const grown = minute % 20
  const profile =
    type === 'cpu'
      ? profileFromFolded(`main;serve;list ${minute}\nmain;gc ${instance.length}`, CPU, {
          timeNs,
          durationNs: 10_000_000_000n,
        })
      : profileFromFolded(`main;serve;list ${grown * 100} ${minute}\nmain;gc ${grown} 7`, HEAP, {
          timeNs,
        })
  const query = { target: 'api', cluster: `of-${instance}`, type, instance, wait: '90s' }
  const { body } = await supertest(service.server)
    .post('/api/v1/profiles')
    .query(query)
    .set('content-type', 'application/octet-stream')
    .send(Buffer.from(encodeProfile(profile)))
  const statusOf = async () =>
    (await supertest(service.server).get(`/api/v1/profiles/${body.profile.id}`)).body.profile.status
  await expect.poll(statusOf).toBe('ready')
}

async function pendingCount({ directory }: StartedService): Promise<number> {
  const { DatabaseSync } = await import('node:sqlite')
  const database = new DatabaseSync(`${directory}/kubeprof.db`, { readOnly: true })
  const row = database
    .prepare(`select count(*) as count from "historyProfile" where state = 'pending'`)
    .get()
  database.close()
  return Number(row?.['count'])
}

function timeOf(minute: number): string {
  return new Date(START_MS + minute * 60_000).toISOString()
}
