import type { Expression, ExpressionBuilder, SqlBool, Transaction } from 'kysely'
import type { BlobKey } from '../blobs/blob-store.ts'
import type { HistoryBlockTable, HistoryLevel } from '../schema/history-schema.ts'
import type { Schema } from '../schema/schema.ts'
import { deleteBlocks } from './block-rows.ts'
import { blocksOf } from './find-parts.ts'
import type { TierRules } from './history-rows.ts'
import { nextMonth } from './sql-roll-ups.ts'

const DAY_MS = 24 * 3600 * 1000

/** The blocks of one group and day, or month. */
interface Period {
  readonly groupId: string
  readonly dayMs: number
  readonly lastMs: number
  readonly sizeBytes: number
}

/** Forgets the oldest that the rules do not keep. */
export async function expireTier(
  trx: Transaction<Schema>,
  { level, rules, limit }: { level: HistoryLevel; rules: TierRules; limit: number },
): Promise<readonly BlobKey[]> {
  const { beforeMs, bytesMax } = rules
  let excessBytes = bytesMax === null ? 0 : (await bytesOf(trx, level)) - bytesMax
  if (beforeMs === null && excessBytes <= 0) return []
  const keys: BlobKey[] = []
  if (excessBytes <= 0 && !(await hasOld(trx, level, beforeMs ?? 0))) return []
  for (const period of await oldest(trx, level, limit)) {
    const isOld = beforeMs !== null && period.lastMs < beforeMs
    if (!isOld && excessBytes <= 0) break
    excessBytes -= period.sizeBytes
    keys.push(...(await forget(trx, level, period)))
  }
  return keys
}

async function hasOld(
  trx: Transaction<Schema>,
  level: HistoryLevel,
  beforeMs: number,
): Promise<boolean> {
  const row = await trx
    .selectFrom('historyBlock')
    .select('id')
    .where('level', '=', level)
    .where('lastMs', '<', beforeMs)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

async function bytesOf(trx: Transaction<Schema>, level: HistoryLevel): Promise<number> {
  const { sizeBytes } = await trx
    .selectFrom('historyBlock')
    .select(({ fn }) => fn.sum<number | null>('sizeBytes').as('sizeBytes'))
    .where('level', '=', level)
    .executeTakeFirstOrThrow()
  return sizeBytes ?? 0
}

/** The oldest that may go: those that a coarser level has. */
async function oldest(
  trx: Transaction<Schema>,
  level: HistoryLevel,
  limit: number,
): Promise<readonly Period[]> {
  const rows = await trx
    .selectFrom('historyBlock as block')
    .select(({ fn }) => [
      'block.groupId',
      'block.dayMs',
      fn.max('block.lastMs').as('lastMs'),
      fn.sum<number>('block.sizeBytes').as('sizeBytes'),
    ])
    .where('block.level', '=', level)
    .$if(level === 'full', (query) => query.where(isPackedWhole))
    .$if(level === 'hour', (query) => query.where(isInMonth))
    .groupBy(['block.groupId', 'block.dayMs'])
    .orderBy(({ fn }) => fn.max('block.lastMs'))
    .limit(limit)
    .execute()
  if (level !== 'day') return rows
  const free = []
  for (const period of rows) if (await isLast(trx, period)) free.push(period)
  return free
}

type Condition = (
  builder: ExpressionBuilder<Schema & { readonly block: HistoryBlockTable }, 'block'>,
) => Expression<SqlBool>

const isPackedWhole: Condition = (is) =>
  is.and([
    is.exists(
      is
        .selectFrom('historyBlock as hours')
        .select('hours.id')
        .whereRef('hours.groupId', '=', 'block.groupId')
        .whereRef('hours.dayMs', '=', 'block.dayMs')
        .where('hours.level', '=', 'hour'),
    ),
    // Until all of it is in the hours; and a file that is there can be deleted, or read again.
    is.not(
      is.exists(
        is
          .selectFrom('historyProfile as one')
          .leftJoin('profile', 'profile.id', 'one.profileId')
          .select('one.profileId')
          .whereRef('one.groupId', '=', 'block.groupId')
          .whereRef('one.dayMs', '=', 'block.dayMs')
          // The same once more, for the index of times.
          .whereRef('one.atMs', '>=', 'block.dayMs')
          .where('one.atMs', '<', is('block.dayMs', '+', DAY_MS))
          .where((where) =>
            where.or([
              where('one.state', 'in', ['pending', 'stale', 'replaced', 'dropped']),
              where.and([
                where('one.blockId', 'is not', null),
                where('profile.id', 'is not', null),
                where('profile.deletedAtMs', 'is', null),
              ]),
            ]),
          ),
      ),
    ),
  ])

const isInMonth: Condition = (is) =>
  is.exists(
    is
      .selectFrom('historyDay as day')
      .select('day.dayMs')
      .whereRef('day.groupId', '=', 'block.groupId')
      .whereRef('day.dayMs', '=', 'block.dayMs')
      .where('day.isRolledUp', '=', 1),
  )

/** Whether no finer level has a day of the month. */
async function isLast(trx: Transaction<Schema>, { groupId, dayMs }: Period): Promise<boolean> {
  const finer = await trx
    .selectFrom('historyBlock')
    .select('id')
    .where('groupId', '=', groupId)
    .where('level', 'in', ['full', 'hour'])
    .where('dayMs', '>=', dayMs)
    .where('dayMs', '<', nextMonth(dayMs))
    .limit(1)
    .executeTakeFirst()
  return finer === undefined
}

async function forget(
  trx: Transaction<Schema>,
  level: HistoryLevel,
  { groupId, dayMs }: Period,
): Promise<readonly BlobKey[]> {
  const blocks = await blocksOf(trx, groupId, level).where('dayMs', '=', dayMs).execute()
  if (level === 'full') {
    const ids = blocks.map(({ id }) => id)
    await trx.deleteFrom('historyProfile').where('blockId', 'in', ids).execute()
  }
  if (level === 'day') {
    await trx
      .deleteFrom('historyDay')
      .where('groupId', '=', groupId)
      .where('dayMs', '>=', dayMs)
      .where('dayMs', '<', nextMonth(dayMs))
      .execute()
  }
  return deleteBlocks(trx, blocks)
}
