import type { Transaction } from 'kysely'
import type { BlobKey } from '../blobs/blob-store.ts'
import type { HistoryLevel } from '../schema/history-schema.ts'
import type { Schema } from '../schema/schema.ts'
import { deleteBlocks } from './block-rows.ts'
import { blocksOf } from './find-parts.ts'
import type { HistoryBlock } from './history-rows.ts'
import { nextMonth, redoDay } from './sql-roll-ups.ts'

type Damaged = Pick<HistoryBlock, 'id' | 'blobKey' | 'level' | 'dayMs'> & {
  readonly groupId: string
}

/**
 * Has a damaged block made again: one of profiles out of their files, hours out of the blocks of their day, days out of
 * their hours. Returns the keys of the blobs to delete, this one among them; or `null`, with nothing changed, where some of
 * what it is made of is gone, or this is the blob of no block.
 */
export async function remakeBlock(
  trx: Transaction<Schema>,
  key: BlobKey,
  nowMs: number,
): Promise<readonly BlobKey[] | null> {
  const block = await trx
    .selectFrom('historyBlock')
    .select(['id', 'blobId as blobKey', 'level', 'groupId', 'dayMs'])
    .where('blobId', '=', key)
    .executeTakeFirst()
  if (block === undefined || !(await REMAKE[block.level](trx, block, nowMs))) return null
  // The hours go too: profiles that come to a day of roll-ups alone count as too late.
  const { groupId, dayMs } = block
  const hours = await blocksOf(trx, groupId, 'hour').where('dayMs', '=', dayMs).execute()
  return deleteBlocks(trx, block.level === 'full' ? [block, ...hours] : [block])
}

type Remake = (trx: Transaction<Schema>, block: Damaged, nowMs: number) => Promise<boolean>

const REMAKE: Readonly<Record<HistoryLevel, Remake>> = {
  full: repack,
  hour: repackDay,
  day: rollUpMonth,
}

async function repack(
  trx: Transaction<Schema>,
  { id, groupId, dayMs }: Damaged,
  nowMs: number,
): Promise<boolean> {
  const gone = await trx
    .selectFrom('historyProfile')
    .select('profileId')
    .where('blockId', '=', id)
    .where('state', '!=', 'dropped')
    .where('profileId', 'not in', (query) => query.selectFrom('profile').select('profile.id'))
    .limit(1)
    .executeTakeFirst()
  if (gone !== undefined) return false
  await trx
    .updateTable('historyProfile')
    .set({ state: 'pending', blockId: null, changedAtMs: nowMs })
    .where('blockId', '=', id)
    .where('state', '!=', 'dropped')
    .execute()
  await redoDay(trx, groupId, dayMs)
  await trx
    .updateTable('historyDay')
    .set({ isRolledUp: 0 })
    .where('groupId', '=', groupId)
    .where('dayMs', '=', dayMs)
    .execute()
  return true
}

async function repackDay(trx: Transaction<Schema>, { groupId, dayMs }: Damaged): Promise<boolean> {
  const full = await trx
    .selectFrom('historyBlock')
    .select('id')
    .where('groupId', '=', groupId)
    .where('dayMs', '=', dayMs)
    .where('level', '=', 'full')
    .limit(1)
    .executeTakeFirst()
  if (full === undefined) return false
  await redoDay(trx, groupId, dayMs)
  return true
}

async function rollUpMonth(
  trx: Transaction<Schema>,
  { groupId, dayMs }: Damaged,
): Promise<boolean> {
  const hours = trx
    .selectFrom('historyBlock')
    .select('dayMs')
    .where('groupId', '=', groupId)
    .where('level', '=', 'hour')
  const withoutHours = await trx
    .selectFrom('historyDay')
    .select('dayMs')
    .where('groupId', '=', groupId)
    .where('dayMs', '>=', dayMs)
    .where('dayMs', '<', nextMonth(dayMs))
    .where('isRolledUp', '=', 1)
    .where('dayMs', 'not in', hours)
    .limit(1)
    .executeTakeFirst()
  if (withoutHours !== undefined) return false
  await trx
    .updateTable('historyDay')
    .set({ isRolledUp: 0 })
    .where('groupId', '=', groupId)
    .where('dayMs', '>=', dayMs)
    .where('dayMs', '<', nextMonth(dayMs))
    .execute()
  return true
}
