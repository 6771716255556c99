import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { Value } from 'typebox/value'
import { BlobOptions, openStore, type Store, StoreOptions } from '../../store/index.ts'
import { fillSqlite } from '../inputs/fill-sqlite.ts'
import { MANY, manyProfiles } from '../inputs/many-profiles.ts'
import { spreadOf } from '../measure.ts'
import { formatMs, formatTable } from '../report-table.ts'

const COUNT = 1_000_000
const ROUNDS = 30
const DAY_MS = 24 * 3_600_000
const LIMIT = 50

/**
 * Pages of lists of a million profiles: in SQLite, and in the empty Postgres database whose address is the argument.
 */
export async function benchLists([postgresUrl]: readonly string[]): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'kubeprof-bench-'))
  const options = {
    ...Value.Create(StoreOptions),
    blobs: Value.Create(BlobOptions),
    directory,
    migrates: true,
    onDiskFailure: () => undefined,
  }
  const tables: string[] = []
  try {
    await fillSqlite(directory, COUNT)
    tables.push(`SQLite\n\n${await measure(await openStore(options))}`)
    if (postgresUrl !== undefined) {
      const inPostgres = { ...options, kind: 'postgres' as const, postgresUrl }
      await (await openStore(inPostgres)).close()
      await fillPostgres(postgresUrl)
      tables.push(`Postgres\n\n${await measure(await openStore(inPostgres))}`)
    }
  } finally {
    rmSync(directory, { recursive: true })
  }
  return tables.join('\n\n')
}

async function fillPostgres(connectionString: string): Promise<void> {
  const client = new Client({ connectionString })
  await client.connect()
  for (const statement of manyProfiles(COUNT)) await client.query(statement)
  await client.query('vacuum analyze')
  await client.end()
}

async function measure(store: Store): Promise<string> {
  const middleMs = MANY.startMs + (COUNT / 2) * MANY.stepMs
  const day = { fromMs: middleMs, toMs: middleMs + DAY_MS }
  const space = 'default'
  const target = 'target-7'
  const [component] = MANY.components
  const lists = [
    ['newest', {}],
    ['of a space', { space }],
    ['of a target', { space, target }],
    ['of a target and type', { space, target, type: 'heap' }],
    ['of a component', { space, component }],
    ['failed', { space, status: 'failed' }],
    ['of a type', { space, type: 'mutex' }],
    ['of a type that none has', { space, type: 'threadcreate' }],
    ['of an instance', { space, instance: 'instance-7' }],
    ['of an instance that none has', { space, instance: 'none' }],
    ['of a label', { space, labels: [{ name: 'zone', value: 'zone-3' }] }],
    ['of a label that none has', { space, labels: [{ name: 'zone', value: 'none' }] }],
    ['of a day', { space, ...day }],
    ['since a day', { space, fromMs: middleMs }],
    ['before a day', { space, toMs: middleMs }],
    ['of a day and target', { space, target, ...day }],
    ['of a day and component', { space, component, ...day }],
    ['of a day, failed', { space, status: 'failed', ...day }],
  ] as const
  const rows: string[][] = []
  for (const [name, filter] of lists) {
    const first = await timesMs(() => store.profiles.list(filter, { limit: LIMIT, cursor: null }))
    const { nextCursor } = await store.profiles.list(filter, { limit: LIMIT, cursor: null })
    const next = await timesMs(() =>
      store.profiles.list(filter, { limit: LIMIT, cursor: nextCursor }),
    )
    rows.push([name, ...[first, next].flatMap(({ median, max }) => [median, max].map(formatMs))])
  }
  await store.close()
  const head = ['', 'first page ms, median', 'max', 'next page ms, median', 'max']
  return formatTable([head, ...rows])
}

async function timesMs(work: () => Promise<unknown>) {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const startMs = performance.now()
    await work()
    times.push(performance.now() - startMs)
  }
  return spreadOf(times)
}
