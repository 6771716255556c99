import type { Transaction } from 'kysely'
import type { BlobKey } from '../blobs/blob-store.ts'
import type { Schema } from '../schema/schema.ts'
import { deleteBlocks, insertBlock, releasePacking, takeLease } from './block-rows.ts'
import { blocksOf } from './find-parts.ts'
import type { RolledUpDays, RollUpClaim } from './history-rows.ts'

/** Claims the days of one month, of the group that waits longest. */
export async function claimRollUp(
  trx: Transaction<Schema>,
  { leaseMs, daysMax }: { readonly leaseMs: number; readonly daysMax: number },
  nowMs: number,
): Promise<RollUpClaim | null> {
  const due = await trx
    .selectFrom('historyDay')
    .innerJoin('historyGroup', 'historyGroup.id', 'historyDay.groupId')
    .select(['historyDay.groupId', 'historyDay.dayMs'])
    .where('historyDay.isRolledUp', '=', 0)
    .where('historyGroup.leaseUntilMs', '<=', nowMs)
    .orderBy('historyDay.dayMs')
    .limit(1)
    .executeTakeFirst()
  if (due === undefined) return null
  const { groupId } = due
  const monthMs = monthOf(due.dayMs)
  const rows = await trx
    .selectFrom('historyDay')
    .select('dayMs')
    .where('groupId', '=', groupId)
    .where('isRolledUp', '=', 0)
    .where('dayMs', '>=', due.dayMs)
    .where('dayMs', '<', nextMonth(monthMs))
    .orderBy('dayMs')
    .limit(daysMax)
    .execute()
  const days = rows.map(({ dayMs }) => dayMs)
  return {
    groupId,
    leaseToken: await takeLease(trx, groupId, nowMs + leaseMs),
    monthMs,
    days,
    hours: await blocksOf(trx, groupId, 'hour').where('dayMs', 'in', days).execute(),
    months: await blocksOf(trx, groupId, 'day').where('dayMs', '=', monthMs).execute(),
  }
}

export async function commitRollUp(
  trx: Transaction<Schema>,
  { claim, rolledUp }: { readonly claim: RollUpClaim; readonly rolledUp: RolledUpDays },
  nowMs: number,
): Promise<readonly BlobKey[] | null> {
  if (!(await releasePacking(trx, claim))) return null
  const { groupId, monthMs, days, hours, months } = claim
  const isLost = new Set(rolledUp.lostBlockIds)
  const place = { groupId, dayMs: monthMs, isWholeDay: 0 }
  for (const block of rolledUp.blocks) await insertBlock(trx, { ...place, block }, nowMs)
  // What the lost block of the month had is made again out of the hours that are left.
  const isMonthLost = months.some(({ id }) => isLost.has(id))
  if (isMonthLost) await changeDays(trx, { groupId, fromMs: monthMs, toMs: nextMonth(monthMs) })
  await trx
    .updateTable('historyDay')
    .set({ isRolledUp: 1 })
    .where('groupId', '=', groupId)
    .where('dayMs', 'in', days)
    .execute()
  const lostHours = hours.filter(({ id }) => isLost.has(id))
  for (const { dayMs } of lostHours) await redoDay(trx, groupId, dayMs)
  await forgetEmptyDays(trx, claim)
  return deleteBlocks(trx, [...months, ...lostHours])
}

interface DaySpan {
  readonly groupId: string
  readonly fromMs: number
  /** Not included. */
  readonly toMs: number
}

/** Has days rolled up again. */
export async function changeDays(
  trx: Transaction<Schema>,
  { groupId, fromMs, toMs }: DaySpan,
): Promise<void> {
  await trx
    .updateTable('historyDay')
    .set({ isRolledUp: 0 })
    .where('groupId', '=', groupId)
    .where('dayMs', '>=', fromMs)
    .where('dayMs', '<', toMs)
    .execute()
}

/** Has the day packed again, which makes its hours. */
export async function redoDay(
  trx: Transaction<Schema>,
  groupId: string,
  dayMs: number,
): Promise<void> {
  await trx
    .updateTable('historyBlock')
    .set({ isWholeDay: 0 })
    .where('groupId', '=', groupId)
    .where('dayMs', '=', dayMs)
    .where('level', '=', 'full')
    .execute()
}

/** Days of which nothing is left: all of their profiles were deleted. */
async function forgetEmptyDays(
  trx: Transaction<Schema>,
  { groupId, days, hours }: RollUpClaim,
): Promise<void> {
  const left = new Set(hours.map(({ dayMs }) => dayMs))
  const empty = days.filter((dayMs) => !left.has(dayMs))
  if (empty.length === 0) return
  await trx
    .deleteFrom('historyDay')
    .where('groupId', '=', groupId)
    .where('dayMs', 'in', empty)
    .execute()
}

/** The first day of the month (UTC). */
export function monthOf(dayMs: number): number {
  const day = new Date(dayMs)
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth())
}

export function nextMonth(monthMs: number): number {
  const month = new Date(monthMs)
  return Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1)
}
