import type { Transaction } from 'kysely'
import type { BlobKey } from '../blobs/blob-store.ts'
import type { HistoryLevel } from '../schema/history-schema.ts'
import type { Schema } from '../schema/schema.ts'
import { deleteBlocks } from './block-rows.ts'
import { blocksOf } from './find-parts.ts'
import type { HistoryBlock } from './history-rows.ts'
import { changeDays, nextMonth, redoDay } from './sql-roll-ups.ts'

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
  if (block === undefined) return null
  const replaced = await REMAKE[block.level](trx, block, nowMs)
  return replaced === null ? null : deleteBlocks(trx, replaced)
}

/** Answers the blocks that go, this one among them, or `null`. */
type Remake = (
  trx: Transaction<Schema>,
  block: Damaged,
  nowMs: number,
) => Promise<readonly Pick<HistoryBlock, 'id' | 'blobKey'>[] | null>

const repack: Remake = async (trx, block, nowMs) => {
  const { id, groupId, dayMs } = block
  const gone = await trx
    .selectFrom('historyProfile')
    .select('profileId')
    .where('blockId', '=', id)
    .where('state', '!=', 'dropped')
    .where('profileId', 'not in', (query) => query.selectFrom('profile').select('profile.id'))
    .limit(1)
    .executeTakeFirst()
  if (gone !== undefined) return null
  await trx
    .updateTable('historyProfile')
    .set({ state: 'pending', blockId: null, changedAtMs: nowMs })
    .where('blockId', '=', id)
    .where('state', '!=', 'dropped')
    .execute()
  await redoDay(trx, groupId, dayMs)
  await changeDays(trx, { groupId, fromMs: dayMs, toMs: dayMs + 1 })
  // The hours go too: profiles that come to a day of roll-ups alone count as too late.
  return [block, ...(await blocksOf(trx, groupId, 'hour').where('dayMs', '=', dayMs).execute())]
}

const repackDay: Remake = async (trx, block) => {
  const { groupId, dayMs } = block
  const full = await trx
    .selectFrom('historyBlock')
    .select('id')
    .where('groupId', '=', groupId)
    .where('dayMs', '=', dayMs)
    .where('level', '=', 'full')
    .limit(1)
    .executeTakeFirst()
  if (full === undefined) return null
  await redoDay(trx, groupId, dayMs)
  return [block]
}

const rollUpMonth: Remake = async (trx, block) => {
  const { groupId, dayMs } = block
  const toMs = nextMonth(dayMs)
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
    .where('dayMs', '<', toMs)
    .where('isRolledUp', '=', 1)
    .where('dayMs', 'not in', hours)
    .limit(1)
    .executeTakeFirst()
  if (withoutHours !== undefined) return null
  await changeDays(trx, { groupId, fromMs: dayMs, toMs })
  return [block]
}

const REMAKE: Readonly<Record<HistoryLevel, Remake>> = {
  full: repack,
  hour: repackDay,
  day: rollUpMonth,
}
