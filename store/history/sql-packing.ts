import { sql, type Transaction } from 'kysely'
import type { BlobKey } from '../blobs/blob-store.ts'
import type {
  HistoryBlock,
  HistoryProfiles,
  Packed,
  PackedBlock,
  PackingClaim,
  PackingRules,
} from './history-rows.ts'
import { inParts } from '../database/in-parts.ts'
import { deleteBlocks, insertBlock, releasePacking, takeLease } from './block-rows.ts'
import { blocksOf, pendingProfiles } from './find-parts.ts'
import type { Schema } from '../schema/schema.ts'

const HOUR_MS = 3600 * 1000
const DAY_MS = 24 * HOUR_MS

interface Due {
  readonly groupId: string
  readonly dayMs: number
  /** Set where the blocks of one hour are to become one. */
  readonly hourMs?: number
}

/** Blocks are not merged into larger ones than this. */
const MERGED_BYTES_MAX = 8 * 1024 * 1024

/** Claims the group whose changes have waited longest, or an hour or a day that is over. */
export async function claimPacking(
  trx: Transaction<Schema>,
  rules: PackingRules,
  nowMs: number,
): Promise<PackingClaim | null> {
  let due = await findDue(trx, rules, nowMs)
  while (due !== undefined && (await refuseLate(trx, due))) due = await findDue(trx, rules, nowMs)
  if (due === undefined) return null
  const leaseToken = await takeLease(trx, due.groupId, nowMs + rules.leaseMs)
  await giveUpMissing(trx, due)
  await takeStale(trx, due, rules.pendingMax)
  const isWholeDay = due.dayMs + DAY_MS <= rules.dayEndedBeforeMs
  return {
    groupId: due.groupId,
    dayMs: due.dayMs,
    ...(await partsOf(trx, due, isWholeDay, rules.pendingMax)),
    oldHours: await blocksOf(trx, due.groupId, 'hour').where('dayMs', '=', due.dayMs).execute(),
    isWholeDay,
    leaseToken,
  }
}

async function findDue(trx: Transaction<Schema>, rules: PackingRules, nowMs: number) {
  return (
    (await dueChanges(trx, rules, nowMs)) ??
    (await dueDay(trx, rules, nowMs)) ??
    (await dueHour(trx, rules, nowMs))
  )
}

/**
 * Of a day whose profiles are forgotten only the roll-ups are left, and what comes later cannot be told from what they
 * have: it stays out. Returns whether that is such a day.
 */
async function refuseLate(trx: Transaction<Schema>, { groupId, dayMs }: Due): Promise<boolean> {
  if (!(await hasRollUpsOnly(trx, { groupId, dayMs }))) return false
  await trx
    .updateTable('historyProfile')
    .set({ state: 'expired' })
    .where('groupId', '=', groupId)
    .where('dayMs', '=', dayMs)
    .where('state', '=', 'pending')
    .where('profileId', 'in', (query) => query.selectFrom('profile').select('profile.id'))
    .execute()
  await trx
    .deleteFrom('historyProfile')
    .where('groupId', '=', groupId)
    .where('dayMs', '=', dayMs)
    .where('state', 'in', ['pending', 'replaced', 'dropped'])
    .execute()
  return true
}

async function hasRollUpsOnly(trx: Transaction<Schema>, { groupId, dayMs }: Due): Promise<boolean> {
  const blocks = await trx
    .selectFrom('historyBlock')
    .select('level')
    .where('groupId', '=', groupId)
    .where('dayMs', '=', dayMs)
    .where('level', 'in', ['full', 'hour'])
    .execute()
  if (blocks.some(({ level }) => level === 'full')) return false
  if (blocks.length > 0) return true
  const day = await trx
    .selectFrom('historyDay')
    .select('isRolledUp')
    .where('groupId', '=', groupId)
    .where('dayMs', '=', dayMs)
    .executeTakeFirst()
  return day?.isRolledUp === 1
}

export async function dueChanges(
  trx: Transaction<Schema>,
  { pendingMin, pendingMsMax }: Pick<PackingRules, 'pendingMin' | 'pendingMsMax'>,
  nowMs: number,
): Promise<Due | undefined> {
  return trx
    .selectFrom('historyProfile')
    .innerJoin('historyGroup', 'historyGroup.id', 'historyProfile.groupId')
    .select(['historyProfile.groupId', 'historyProfile.dayMs'])
    .where('historyProfile.state', 'in', ['pending', 'stale', 'replaced', 'dropped'])
    .where('historyGroup.leaseUntilMs', '<=', nowMs)
    .groupBy(['historyProfile.groupId', 'historyProfile.dayMs'])
    .having((having) =>
      having.or([
        having(having.fn.count('historyProfile.profileId'), '>=', pendingMin),
        having(having.fn.min('historyProfile.changedAtMs'), '<=', nowMs - pendingMsMax),
        // 'dropped' comes before the other states.
        having(having.fn.min('historyProfile.state'), '=', 'dropped'),
      ]),
    )
    .orderBy(({ fn }) => fn.min('historyProfile.changedAtMs'))
    .limit(1)
    .executeTakeFirst()
}

async function dueDay(
  trx: Transaction<Schema>,
  { dayEndedBeforeMs }: PackingRules,
  nowMs: number,
): Promise<Due | undefined> {
  return trx
    .selectFrom('historyBlock')
    .innerJoin('historyGroup', 'historyGroup.id', 'historyBlock.groupId')
    .select(['historyBlock.groupId', 'historyBlock.dayMs'])
    .where('historyBlock.isWholeDay', '=', 0)
    .where('historyBlock.level', '=', 'full')
    .where('historyBlock.dayMs', '<=', dayEndedBeforeMs - DAY_MS)
    .where('historyGroup.leaseUntilMs', '<=', nowMs)
    .orderBy('historyBlock.dayMs')
    .limit(1)
    .executeTakeFirst()
}

/** An hour that is over, of an open day, with several blocks. */
async function dueHour(
  trx: Transaction<Schema>,
  { dayEndedBeforeMs }: PackingRules,
  nowMs: number,
): Promise<Due | undefined> {
  const hourMs = sql<number>`"historyBlock"."fromMs" - "historyBlock"."fromMs" % ${sql.lit(HOUR_MS)}`
  return trx
    .selectFrom('historyBlock')
    .innerJoin('historyGroup', 'historyGroup.id', 'historyBlock.groupId')
    .select(['historyBlock.groupId', 'historyBlock.dayMs', hourMs.as('hourMs')])
    .where('historyBlock.isWholeDay', '=', 0)
    .where('historyBlock.level', '=', 'full')
    .where('historyBlock.dayMs', '>', dayEndedBeforeMs - DAY_MS)
    .where('historyBlock.fromMs', '<', Math.floor(nowMs / HOUR_MS) * HOUR_MS)
    .where('historyGroup.leaseUntilMs', '<=', nowMs)
    .groupBy(['historyBlock.groupId', 'historyBlock.dayMs', 'historyBlock.shape', hourMs])
    .having(({ fn }) => fn.countAll(), '>', 1)
    .having(({ fn }) => fn.sum('historyBlock.sizeBytes'), '<=', MERGED_BYTES_MAX)
    .orderBy(({ fn }) => fn.min('historyBlock.fromMs'))
    .limit(1)
    .executeTakeFirst()
}

async function partsOf(
  trx: Transaction<Schema>,
  { groupId, dayMs, hourMs }: Due,
  isWholeDay: boolean,
  pendingMax: number,
): Promise<HistoryProfiles> {
  const blocks = await blocksOf(trx, groupId, 'full').where('dayMs', '=', dayMs).execute()
  if (hourMs !== undefined) {
    const isInHour = ({ fromMs }: HistoryBlock) => Math.floor(fromMs / HOUR_MS) * HOUR_MS === hourMs
    return { blocks: blocks.filter(isInHour), pending: [], skippedIds: [] }
  }
  const pending = await pendingProfiles(trx, groupId, 'blockId')
    .where('historyProfile.dayMs', '=', dayMs)
    .limit(pendingMax)
    .execute()
  const dropped = await trx
    .selectFrom('historyProfile')
    .select(['profileId', 'blockId'])
    .where('groupId', '=', groupId)
    .where('dayMs', '=', dayMs)
    .where('state', '=', 'dropped')
    .execute()
  const replaced = await trx
    .selectFrom('historyProfile')
    .select('blockId')
    .where('groupId', '=', groupId)
    .where('dayMs', '=', dayMs)
    .where('state', '=', 'replaced')
    .where('blockId', 'is not', null)
    .execute()
  const touched = new Set([...dropped, ...replaced].map(({ blockId }) => blockId))
  return {
    pending,
    blocks: blocks.filter(({ id }) => isWholeDay || touched.has(id)),
    skippedIds: [...dropped, ...pending].map(({ profileId }) => profileId),
  }
}

/** What becomes of profiles whose files cannot be read: what their blocks hold stays. */
export const UNREADABLE = [
  ['pending', 'failed'],
  ['replaced', 'packed'],
  ['stale', 'packed'],
] as const

/** Gives up profiles whose files are gone. */
export async function giveUpMissing(
  trx: Transaction<Schema>,
  { groupId, dayMs }: Due,
): Promise<void> {
  for (const [state, becomes] of UNREADABLE) {
    await trx
      .updateTable('historyProfile')
      .set({ state: becomes })
      .where('groupId', '=', groupId)
      .where('dayMs', '=', dayMs)
      .where('state', '=', state)
      .where('profileId', 'not in', (query) => query.selectFrom('profile').select('profile.id'))
      .execute()
  }
}

/** The next profiles of a rebuild: their copies count no longer, their files do. */
export async function takeStale(
  trx: Transaction<Schema>,
  { groupId, dayMs }: Due,
  limit: number,
): Promise<void> {
  const next = trx
    .selectFrom('historyProfile')
    .select('profileId')
    .where('groupId', '=', groupId)
    .where('dayMs', '=', dayMs)
    .where('state', '=', 'stale')
    .orderBy('atMs')
    .orderBy('profileId')
    .limit(limit)
  await trx
    .updateTable('historyProfile')
    .set({ state: 'replaced' })
    .where('profileId', 'in', next)
    .execute()
}

export async function commitPacking(
  trx: Transaction<Schema>,
  { claim, packed }: { readonly claim: PackingClaim; readonly packed: Packed },
  nowMs: number,
): Promise<readonly BlobKey[] | null> {
  if (!(await releasePacking(trx, claim))) return null
  for (const block of packed.blocks) await enterBlock(trx, { claim, block }, nowMs)
  const dropped = trx.deleteFrom('historyProfile').where('state', '=', 'dropped')
  await inParts(claim.skippedIds, (ids) => dropped.where('profileId', 'in', ids).execute())
  for (const [state, becomes] of UNREADABLE) {
    const failed = trx
      .updateTable('historyProfile')
      .set({ state: becomes, changedAtMs: nowMs })
      .where('state', '=', state)
    await inParts(packed.failedIds, (ids) => failed.where('profileId', 'in', ids).execute())
  }
  const lost = trx
    .updateTable('historyProfile')
    .set({ state: 'pending', blockId: null, changedAtMs: nowMs })
    .where('state', 'in', ['packed', 'stale', 'replaced'])
  await inParts(packed.lostBlockIds, (ids) => lost.where('blockId', 'in', ids).execute())
  await changeDay(trx, claim)
  return deleteBlocks(trx, [...claim.blocks, ...claim.oldHours])
}

/** The month has no longer what the hours have. */
async function changeDay(
  trx: Transaction<Schema>,
  { groupId, dayMs, isWholeDay }: PackingClaim,
): Promise<void> {
  const day = { groupId, dayMs, isRolledUp: 0 }
  if (isWholeDay) {
    await trx
      .insertInto('historyDay')
      .values(day)
      .onConflict((conflict) => conflict.columns(['groupId', 'dayMs']).doUpdateSet(day))
      .execute()
  } else {
    await trx
      .updateTable('historyDay')
      .set(day)
      .where('groupId', '=', groupId)
      .where('dayMs', '=', dayMs)
      .execute()
  }
}

async function enterBlock(
  trx: Transaction<Schema>,
  { claim, block }: { readonly claim: PackingClaim; readonly block: PackedBlock },
  nowMs: number,
): Promise<void> {
  const { groupId, dayMs } = claim
  const isWholeDay = claim.isWholeDay ? 1 : 0
  const { profileIds } = block
  const id = await insertBlock(trx, { groupId, dayMs, isWholeDay, block }, nowMs)
  await inParts(profileIds, (ids) =>
    trx.updateTable('historyProfile').set({ blockId: id }).where('profileId', 'in', ids).execute(),
  )
  // One that was deleted or read again meanwhile keeps its state, and is done next.
  const versionOf = Map.groupBy(claim.pending, ({ decoderVersion }) => decoderVersion)
  const isPacked = new Set(profileIds)
  for (const [decoderVersion, profiles] of versionOf) {
    const read = profiles.flatMap(({ profileId }) => (isPacked.has(profileId) ? [profileId] : []))
    await inParts(read, (ids) =>
      trx
        .updateTable('historyProfile')
        .set({ state: 'packed', changedAtMs: nowMs })
        .where('profileId', 'in', ids)
        .where('state', 'in', ['pending', 'replaced'])
        .where('decoderVersion', '=', decoderVersion)
        .execute(),
    )
  }
}
