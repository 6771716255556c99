import type { Kysely, Selectable } from 'kysely'
import { FAILING_COUNT } from './process-store.ts'
import type {
  ScheduleDefinition,
  ScheduleFilter,
  ScheduleStore,
  StoredSchedule,
  TriggerDefinition,
} from './schedule-store.ts'
import { fromJson } from '../database/from-json.ts'
import type { Schema } from '../schema/schema.ts'
import type { ScheduleTable } from '../schema/target-schema.ts'
import { checkedName, targetsOfComponent } from './target-rows.ts'
import { setPaused } from './set-paused.ts'
import { fireAlert } from './sql-alerts.ts'
import { alignSlots, claimDueSlots } from './sql-slots.ts'
import type { SqlStoreOptions } from '../database/sql-store-options.ts'

export function sqlScheduleStore({ db, write, now }: SqlStoreOptions): ScheduleStore {
  return {
    async list(filter, { limit, cursor }) {
      let query = matchingSchedules(db, filter).limit(limit + 1)
      if (cursor !== null) query = query.where('name', '>', checkedName(cursor))
      const found = await toSchedules(db, await query.execute())
      const items = found.slice(0, limit)
      return { items, nextCursor: found.length > limit ? (items.at(-1)?.name ?? null) : null }
    },
    async find(name) {
      const rows = await matchingSchedules(db, {}).where('name', '=', name).execute()
      const [found] = await toSchedules(db, rows)
      return found ?? null
    },
    setPaused: (name, isPaused) =>
      write((trx) => setPaused(trx, { table: 'schedule', name, isPaused }, now())),
    alignSlots: (rules) => alignSlots({ db, write, now }, rules),
    claimDue: (rules) => write((trx) => claimDueSlots(trx, rules, now())),
    async triggers() {
      const rows = await db
        .selectFrom('trigger')
        .select('definitionJson')
        .orderBy('place')
        .execute()
      return rows.map(({ definitionJson }): TriggerDefinition => JSON.parse(definitionJson))
    },
    fireAlert: (request, cost) => write((trx) => fireAlert(trx, { request, cost }, now())),
  }
}

function matchingSchedules(db: Kysely<Schema>, { target, component, status }: ScheduleFilter) {
  let query = db.selectFrom('schedule').selectAll().orderBy('name')
  if (status !== undefined) {
    query = query.where('pausedAtMs', status === 'paused' ? 'is not' : 'is', null)
  }
  if (target !== undefined) {
    query = query.where('name', 'in', (where) =>
      where.selectFrom('targetSchedule').select('schedule').where('target', '=', target),
    )
  }
  if (component !== undefined) {
    query = query.where('name', 'in', (where) =>
      where
        .selectFrom('targetSchedule')
        .select('schedule')
        .where('target', 'in', targetsOfComponent(db, component)),
    )
  }
  return query
}

async function toSchedules(
  db: Kysely<Schema>,
  rows: readonly Selectable<ScheduleTable>[],
): Promise<readonly StoredSchedule[]> {
  const targets = Map.groupBy(
    await db.selectFrom('targetSchedule').selectAll().orderBy('target').execute(),
    ({ schedule }) => schedule,
  )
  const slots = new Map(
    (await slotSums(db)).map(({ schedule, ...sums }) => [schedule, sums] as const),
  )
  const troubles = await lastTroubles(db)
  return rows.map(({ definitionJson, ...row }) => {
    const definition: ScheduleDefinition = JSON.parse(definitionJson)
    const sums = slots.get(row.name)
    return {
      ...definition,
      targets: (targets.get(row.name) ?? []).map(({ target }) => target),
      pausedAtMs: row.pausedAtMs,
      processCount: sums?.processCount ?? 0,
      failingCount: sums?.failingCount ?? 0,
      nextRunAtMs: row.pausedAtMs === null ? (sums?.nextRunAtMs ?? null) : null,
      lastRunAtMs: row.lastRunAtMs,
      skipped: {
        missed: row.missedCount,
        overlap: row.overlapCount,
        failing: row.failingCount,
        cost: row.costCount,
      },
      trouble: fromJson(troubles.get(row.name) ?? null),
    }
  })
}

function slotSums(db: Kysely<Schema>) {
  return db
    .selectFrom('slot')
    .innerJoin('process', 'process.key', 'slot.processKey')
    .select(({ fn, eb }) => [
      'slot.schedule',
      fn.countAll<number>().as('processCount'),
      fn
        .sum<number>(
          eb
            .case()
            .when('process.failureCount', '>=', FAILING_COUNT)
            .then(eb.lit(1))
            .else(eb.lit(0))
            .end(),
        )
        .as('failingCount'),
      fn.min<number | null>('slot.nextAtMs').as('nextRunAtMs'),
    ])
    .groupBy('slot.schedule')
    .execute()
}

/** For each schedule, the trouble of the process that was tried last and failed. */
async function lastTroubles(db: Kysely<Schema>): Promise<ReadonlyMap<string, string | null>> {
  const rows = await db
    .selectFrom('slot')
    .innerJoin('process', 'process.key', 'slot.processKey')
    .select(['slot.schedule', 'process.troubleJson'])
    .where('process.troubleJson', 'is not', null)
    .orderBy('process.lastCaptureAtMs')
    .execute()
  return new Map(rows.map(({ schedule, troubleJson }) => [schedule, troubleJson]))
}
