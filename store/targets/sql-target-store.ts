import { putTarget, readDefinition } from './put-target.ts'
import type { Kysely, Transaction } from 'kysely'
import type { TestTargetReply } from '../../api/index.ts'
import type { Page, PageRequest } from '../page.ts'
import { fromJson } from '../database/from-json.ts'
import type { Schema } from '../schema/schema.ts'
import { setPaused } from './set-paused.ts'
import { checkedName, targetsOfComponent } from './target-rows.ts'
import { saveDiscovered } from './sql-discoveries.ts'
import type { SqlStoreOptions } from '../database/sql-store-options.ts'
import { listProcesses } from './sql-target-processes.ts'
import { applyTargetsFile, fileState, refuseTargetsFile } from './sql-targets-file.ts'
import type { StoredTarget, TargetFilter, TargetStore, TargetTask } from './target-store.ts'

const TEST_CLAIM_MS = 60_000

export function sqlTargetStore({ db, write, now }: SqlStoreOptions): TargetStore {
  return {
    applyFile: (path, contents) => write((trx) => applyTargetsFile(trx, { path, contents }, now())),
    refuseFile: (path, faults) => write((trx) => refuseTargetsFile(trx, { path, faults }, now())),
    fileState: () => fileState(db),
    askReload: () =>
      write(async (trx) => {
        await trx.updateTable('targetsFile').set({ reloadAskedAtMs: now() }).execute()
      }),
    create: (definition) =>
      write(async (trx) => {
        if ((await findTarget(trx, definition.name)) !== null) return false
        await putTarget(trx, { definition, origin: 'web' }, now())
        return true
      }),
    replace: (definition) =>
      write(async (trx) => {
        if ((await findTarget(trx, definition.name))?.origin !== 'web') return false
        await putTarget(trx, { definition, origin: 'web' }, now())
        return true
      }),
    remove: (name) =>
      write(async (trx) => {
        const { numDeletedRows } = await trx
          .deleteFrom('target')
          .where('name', '=', name)
          .where('origin', '=', 'web')
          .executeTakeFirst()
        return numDeletedRows === 1n
      }),
    find: (name) => findTarget(db, name),
    list: (filter, page) => listTargets(db, filter, page),
    processes: (targets) => listProcesses(db, { targets }, now()),
    async findProcess(target, key) {
      const [found] = await listProcesses(db, { targets: [target], key }, now())
      return found ?? null
    },
    setPaused: (name, isPaused) =>
      write((trx) => setPaused(trx, { table: 'target', name, isPaused }, now())),
    claimDiscoveries: (request) => write((trx) => claimDiscoveries(trx, request, now())),
    discovered: (name, processes, note) =>
      write((trx) => saveDiscovered(trx, { name, processes, note }, now())),
    discoveryFailed: (name, trouble) =>
      write(async (trx) => {
        await trx
          .updateTable('target')
          .set({ troubleJson: JSON.stringify(trouble) })
          .where('name', '=', name)
          .execute()
      }),
    askTest: (name) => write((trx) => askTest(trx, name, now())),
    claimTests: (limit) => write((trx) => claimTests(trx, limit, now())),
    saveTest: (name, askedAtMs, result) =>
      write(async (trx) => {
        await trx
          .updateTable('target')
          .set({ testJson: JSON.stringify(result), testedAtMs: askedAtMs })
          .where('name', '=', name)
          .execute()
      }),
    findTest: (name, askedAtMs) => findTest(db, { name, askedAtMs }),
  }
}

interface AskedTest {
  readonly name: string
  readonly askedAtMs: number
}

async function findTest(
  db: Kysely<Schema>,
  { name, askedAtMs }: AskedTest,
): Promise<TestTargetReply | null> {
  const row = await db
    .selectFrom('target')
    .select('testJson')
    .where('name', '=', name)
    .where('testedAtMs', '>=', askedAtMs)
    .executeTakeFirst()
  return fromJson(row?.testJson ?? null)
}

async function findTarget(db: Kysely<Schema>, name: string): Promise<StoredTarget | null> {
  const row = await targets(db).where('name', '=', name).executeTakeFirst()
  return row === undefined ? null : toTarget(row)
}

async function listTargets(
  db: Kysely<Schema>,
  { component, cluster, space }: TargetFilter,
  { limit, cursor }: PageRequest,
): Promise<Page<StoredTarget>> {
  let query = targets(db)
    .orderBy('name')
    .limit(limit + 1)
  if (cursor !== null) query = query.where('name', '>', checkedName(cursor))
  if (space !== undefined) query = query.where('space', '=', space)
  if (cluster !== undefined) query = query.where('cluster', '=', cluster)
  if (component !== undefined) {
    query = query.where('name', 'in', targetsOfComponent(db, component))
  }
  const rows = await query.execute()
  const items = rows.slice(0, limit).map(toTarget)
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.name ?? null) : null }
}

function targets(db: Kysely<Schema>) {
  return db
    .selectFrom('target')
    .select(['origin', 'definitionJson', 'pausedAtMs', 'discoveredAtMs', 'troubleJson', 'note'])
}

type TargetRow = NonNullable<Awaited<ReturnType<ReturnType<typeof targets>['executeTakeFirst']>>>

function toTarget({ definitionJson, troubleJson, ...row }: TargetRow): StoredTarget {
  return { ...readDefinition(definitionJson), ...row, trouble: fromJson(troubleJson) }
}

interface DiscoveryRequest {
  readonly limit: number
  readonly everyMs: number
}

async function claimDiscoveries(
  trx: Transaction<Schema>,
  { limit, everyMs }: DiscoveryRequest,
  nowMs: number,
): Promise<readonly StoredTarget[]> {
  const rows = await trx
    .updateTable('target')
    .set({ discoverAtMs: nowMs + everyMs })
    .where('name', 'in', (query) =>
      query
        .selectFrom('target')
        .select('name')
        .where('discoverAtMs', '<=', nowMs)
        .where('pausedAtMs', 'is', null)
        .orderBy('discoverAtMs')
        .limit(limit),
    )
    .returning(['origin', 'definitionJson', 'pausedAtMs', 'discoveredAtMs', 'troubleJson', 'note'])
    .execute()
  return rows.map(toTarget)
}

async function askTest(
  trx: Transaction<Schema>,
  name: string,
  nowMs: number,
): Promise<number | null> {
  const { numUpdatedRows } = await trx
    .updateTable('target')
    .set({ testAskedAtMs: nowMs, testClaimedAtMs: null })
    .where('name', '=', name)
    .executeTakeFirst()
  return numUpdatedRows === 1n ? nowMs : null
}

async function claimTests(
  trx: Transaction<Schema>,
  limit: number,
  nowMs: number,
): Promise<readonly TargetTask[]> {
  const asked = await trx
    .selectFrom('target')
    .select(['name', 'testAskedAtMs'])
    .where('testAskedAtMs', '>', nowMs - TEST_CLAIM_MS)
    .where((where) =>
      where.or([
        where('testedAtMs', 'is', null),
        where('testedAtMs', '<', where.ref('testAskedAtMs')),
      ]),
    )
    .where('testClaimedAtMs', 'is', null)
    .limit(limit)
    .execute()
  const tasks: TargetTask[] = []
  for (const { name, testAskedAtMs } of asked) {
    await trx
      .updateTable('target')
      .set({ testClaimedAtMs: nowMs })
      .where('name', '=', name)
      .execute()
    const target = await findTarget(trx, name)
    if (target !== null) tasks.push({ target, askedAtMs: testAskedAtMs ?? nowMs })
  }
  return tasks
}
