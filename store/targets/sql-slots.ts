import type { Kysely, Transaction } from 'kysely'
import { insertWaitingCapture } from './insert-waiting-capture.ts'
import type {
  ClaimedSlots,
  DueSlot,
  ScheduleDefinition,
  SkipReason,
  SlotRules,
} from './schedule-store.ts'
import type { Schema } from '../schema/schema.ts'
import type { SqlStoreOptions } from '../database/sql-store-options.ts'
import { costsTooMuch } from './sql-cost.ts'

const INSERT_MAX = 200

/**
 * Adds the slots of every process of every active schedule, deletes the others, and pulls back those that a clock which
 * stepped back left too far in the future.
 */
export async function alignSlots(
  { db, write, now }: SqlStoreOptions,
  { nextSlotMs }: Pick<SlotRules, 'nextSlotMs'>,
): Promise<void> {
  // Looking takes no lock, and mostly there is nothing to do.
  if (await hasStray(db)) await write((trx) => deleteStray(trx))
  await pullBackSlots({ db, write, now }, nextSlotMs)
  for (let isAll = false; !isAll;) {
    const missing = await missingSlots(db)
    if (missing.length === 0) return
    await write(async (trx) => {
      for (const { schedule, processKey, target, definitionJson } of missing) {
        const { timing }: ScheduleDefinition = JSON.parse(definitionJson)
        const nextAtMs = nextSlotMs(timing, processKey, now())
        await trx
          .insertInto('slot')
          .values({ schedule, processKey, target, nextAtMs })
          .onConflict((conflict) => conflict.doNothing())
          .execute()
      }
    })
    isAll = missing.length < INSERT_MAX
  }
}

/**
 * A slot is the first of its schedule after the one before, so it never lies behind the second from now unless the clock
 * stepped back. It becomes the second from now, because the first may have been taken just before the step.
 */
async function pullBackSlots(
  { db, write, now }: SqlStoreOptions,
  nextSlotMs: SlotRules['nextSlotMs'],
): Promise<void> {
  const nowMs = now()
  const rows = await db
    .selectFrom('slot')
    .innerJoin('schedule', 'schedule.name', 'slot.schedule')
    .select(['slot.schedule', 'slot.processKey', 'slot.target', 'slot.nextAtMs', 'definitionJson'])
    .where('slot.nextAtMs', '>', nowMs)
    .execute()
  const late = rows.flatMap(({ definitionJson, nextAtMs, ...slot }) => {
    const { timing }: ScheduleDefinition = JSON.parse(definitionJson)
    const first = nextSlotMs(timing, slot.processKey, nowMs)
    const second = first === null ? null : nextSlotMs(timing, slot.processKey, first)
    const isLate = second !== null && nextAtMs !== null && nextAtMs > second
    return isLate ? [{ slot: { ...slot, slotAtMs: nextAtMs }, second }] : []
  })
  if (late.length === 0) return
  await write(async (trx) => {
    for (const { slot, second } of late) await moveOn(trx, slot, second)
  })
}

/** Every present process of every active target, with every schedule of that target. */
function missingSlots(db: Kysely<Schema>) {
  return db
    .selectFrom('targetSchedule')
    .innerJoin('target', 'target.name', 'targetSchedule.target')
    .innerJoin('targetProcess', 'targetProcess.target', 'target.name')
    .innerJoin('schedule', 'schedule.name', 'targetSchedule.schedule')
    .select(({ fn }) => [
      'targetSchedule.schedule',
      'targetProcess.processKey',
      fn.min('target.name').as('target'),
      'schedule.definitionJson',
    ])
    .where('schedule.pausedAtMs', 'is', null)
    .where('target.pausedAtMs', 'is', null)
    .where('targetProcess.goneAtMs', 'is', null)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('slot')
            .select('slot.target')
            .whereRef('slot.schedule', '=', 'targetSchedule.schedule')
            .whereRef('slot.processKey', '=', 'targetProcess.processKey'),
        ),
      ),
    )
    .groupBy(['targetSchedule.schedule', 'targetProcess.processKey', 'schedule.definitionJson'])
    .limit(INSERT_MAX)
    .execute()
}

async function hasStray(db: Kysely<Schema>): Promise<boolean> {
  return (await straySlots(db).limit(1).executeTakeFirst()) !== undefined
}

async function deleteStray(trx: Transaction<Schema>): Promise<void> {
  for (const { schedule, processKey } of await straySlots(trx).execute()) {
    await trx
      .deleteFrom('slot')
      .where('schedule', '=', schedule)
      .where('processKey', '=', processKey)
      .execute()
  }
}

/** Slots whose target no longer finds the process or no longer has the schedule. */
function straySlots(db: Kysely<Schema>) {
  return db
    .selectFrom('slot')
    .select(['slot.schedule', 'slot.processKey'])
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('targetSchedule')
            .innerJoin('target', 'target.name', 'targetSchedule.target')
            .innerJoin('targetProcess', 'targetProcess.target', 'target.name')
            .select('target.name')
            .where('target.pausedAtMs', 'is', null)
            .where('targetProcess.goneAtMs', 'is', null)
            .whereRef('targetSchedule.schedule', '=', 'slot.schedule')
            .whereRef('targetProcess.processKey', '=', 'slot.processKey')
            .whereRef('target.name', '=', 'slot.target'),
        ),
      ),
    )
}

/** In one transaction, so that a slot moves on exactly when its capture is added. */
export async function claimDueSlots(
  trx: Transaction<Schema>,
  rules: SlotRules,
  nowMs: number,
): Promise<ClaimedSlots> {
  const due = await dueSlots(trx, rules.limit, nowMs)
  const captureIds: string[] = []
  const skipped: (DueSlot & { readonly reason: SkipReason })[] = []
  for (const row of due) {
    const definition: ScheduleDefinition = JSON.parse(row.definitionJson)
    const { schedule, target, processKey, nextAtMs } = row
    const slot: DueSlot = { schedule, target, processKey, slotAtMs: nextAtMs ?? nowMs }
    await moveOn(trx, slot, rules.nextSlotMs(definition.timing, processKey, nowMs))
    const reason = await skipReason(trx, { slot, definition, rules, row }, nowMs)
    if (reason !== null) {
      skipped.push({ ...slot, reason })
      await countSkip(trx, schedule, reason)
      continue
    }
    await trx
      .updateTable('schedule')
      .set({ lastRunAtMs: nowMs })
      .where('name', '=', schedule)
      .execute()
    const id = await insertWaitingCapture(
      trx,
      { ...slot, origin: 'schedule', request: definition.request, note: null },
      nowMs,
    )
    captureIds.push(id)
  }
  return { captureIds, skipped, isAll: due.length < rules.limit }
}

function dueSlots(trx: Transaction<Schema>, limit: number, nowMs: number) {
  return trx
    .selectFrom('slot')
    .innerJoin('schedule', 'schedule.name', 'slot.schedule')
    .innerJoin('process', 'process.key', 'slot.processKey')
    .innerJoin('target', 'target.name', 'slot.target')
    .select([
      'slot.schedule',
      'slot.processKey',
      'slot.target',
      'slot.nextAtMs',
      'schedule.definitionJson',
      'process.nextTryAtMs',
    ])
    .where('slot.nextAtMs', '<=', nowMs)
    .where('schedule.pausedAtMs', 'is', null)
    .where('target.pausedAtMs', 'is', null)
    .orderBy('slot.nextAtMs')
    .limit(limit)
    .execute()
}

async function moveOn(
  trx: Transaction<Schema>,
  { schedule, processKey }: DueSlot,
  nextAtMs: number | null,
): Promise<void> {
  await trx
    .updateTable('slot')
    .set({ nextAtMs })
    .where('schedule', '=', schedule)
    .where('processKey', '=', processKey)
    .execute()
}

interface Candidate {
  readonly slot: DueSlot
  readonly definition: ScheduleDefinition
  readonly rules: SlotRules
  readonly row: { readonly nextTryAtMs: number | null }
}

async function skipReason(
  trx: Transaction<Schema>,
  { slot, definition, rules, row }: Candidate,
  nowMs: number,
): Promise<SkipReason | null> {
  const { timing, missed, overlap, request } = definition
  if (missed === 'skip' && nowMs - slot.slotAtMs > rules.graceMs(timing)) return 'missed'
  if (row.nextTryAtMs !== null && row.nextTryAtMs > nowMs) return 'failing'
  const statuses = overlap === 'queue' ? (['waiting'] as const) : (['waiting', 'running'] as const)
  const before = await trx
    .selectFrom('capture')
    .select('id')
    .where('processKey', '=', slot.processKey)
    .where('schedule', '=', slot.schedule)
    .where('status', 'in', statuses)
    .where('deletedAtMs', 'is', null)
    .executeTakeFirst()
  if (before !== undefined) return 'overlap'
  const { processKey } = slot
  const { cost } = rules
  return (await costsTooMuch(trx, { processKey, request, cost }, nowMs)) ? 'cost' : null
}

async function countSkip(
  trx: Transaction<Schema>,
  schedule: string,
  reason: SkipReason,
): Promise<void> {
  const column = `${reason}Count` as const
  await trx
    .updateTable('schedule')
    .set(({ eb }) => ({ [column]: eb(column, '+', 1) }))
    .where('name', '=', schedule)
    .execute()
}
