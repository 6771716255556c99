import type { Transaction } from 'kysely'
import type { BlobKey } from '../blobs/blob-store.ts'
import type {
  HistoryParts,
  Packed,
  PackedBlock,
  PackingClaim,
  PackingRules,
} from './history-rows.ts'
import { newId } from '../id.ts'
import { pendingProfiles } from './find-parts.ts'
import { newBlobRow } from '../schema/new-blob-row.ts'
import type { Schema } from '../schema/schema.ts'

const HOUR_MS = 3600 * 1000
const DAY_MS = 24 * HOUR_MS
/** How many profiles one statement names: databases limit their parameters. */
const IDS_MAX = 500

interface Due {
  readonly groupId: string
  readonly dayMs: number
}

/** Claims the group whose changes have waited longest, or a day that is over. */
export async function claimPacking(
  trx: Transaction<Schema>,
  rules: PackingRules,
  nowMs: number,
): Promise<PackingClaim | null> {
  const due = (await dueChanges(trx, rules, nowMs)) ?? (await dueDay(trx, rules, nowMs))
  if (due === undefined) return null
  const leaseToken = newId()
  await trx
    .updateTable('historyGroup')
    .set({ leaseToken, leaseUntilMs: nowMs + rules.leaseMs })
    .where('id', '=', due.groupId)
    .execute()
  await giveUpMissing(trx, due)
  const isWholeDay = due.dayMs + DAY_MS <= rules.dayEndedBeforeMs
  return {
    ...due,
    ...(await partsOf(trx, due, isWholeDay, rules.pendingMax)),
    isWholeDay,
    leaseToken,
  }
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
    .where('historyProfile.state', 'in', ['pending', 'replaced', 'dropped'])
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
    .where('historyBlock.dayMs', '<=', dayEndedBeforeMs - DAY_MS)
    .where('historyGroup.leaseUntilMs', '<=', nowMs)
    .orderBy('historyBlock.dayMs')
    .limit(1)
    .executeTakeFirst()
}

async function partsOf(
  trx: Transaction<Schema>,
  { groupId, dayMs }: Due,
  isWholeDay: boolean,
  pendingMax: number,
): Promise<HistoryParts> {
  const pending = await pendingProfiles(trx, groupId)
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
  const hours = new Set(pending.map(({ atMs }) => Math.floor(atMs / HOUR_MS)))
  const blocks = await trx
    .selectFrom('historyBlock')
    .select(['id', 'blobId as blobKey', 'shape', 'sizeBytes', 'profileCount', 'fromMs'])
    .where('groupId', '=', groupId)
    .where('dayMs', '=', dayMs)
    .orderBy('fromMs')
    .orderBy('id')
    .execute()
  return {
    pending,
    blocks: blocks.filter(
      ({ id, fromMs }) => isWholeDay || touched.has(id) || hours.has(Math.floor(fromMs / HOUR_MS)),
    ),
    skippedIds: [...dropped, ...pending].map(({ profileId }) => profileId),
  }
}

/** What becomes of profiles whose files cannot be read: what their blocks hold stays. */
export const UNREADABLE = [
  ['pending', 'failed'],
  ['replaced', 'packed'],
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

export async function commitPacking(
  trx: Transaction<Schema>,
  { claim, packed }: { readonly claim: PackingClaim; readonly packed: Packed },
  nowMs: number,
): Promise<readonly BlobKey[] | null> {
  if (!(await releasePacking(trx, claim))) return null
  for (const block of packed.blocks) await insertBlock(trx, { claim, block }, nowMs)
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
    .where('state', 'in', ['packed', 'replaced'])
  await inParts(packed.lostBlockIds, (ids) => lost.where('blockId', 'in', ids).execute())
  const keys = claim.blocks.map(({ blobKey }) => blobKey)
  const ids = claim.blocks.map(({ id }) => id)
  await inParts(ids, (some) => trx.deleteFrom('historyBlock').where('id', 'in', some).execute())
  await inParts(keys, (some) => trx.deleteFrom('blob').where('id', 'in', some).execute())
  return keys
}

async function insertBlock(
  trx: Transaction<Schema>,
  { claim, block }: { readonly claim: PackingClaim; readonly block: PackedBlock },
  nowMs: number,
): Promise<void> {
  const { blob, profileIds, ...described } = block
  const { key, sizeBytes } = blob
  const id = newId()
  await trx
    .insertInto('blob')
    .values(newBlobRow(blob, 'block', nowMs))
    .execute()
  await trx
    .insertInto('historyBlock')
    .values({
      ...described,
      id,
      groupId: claim.groupId,
      blobId: key,
      dayMs: claim.dayMs,
      isWholeDay: claim.isWholeDay ? 1 : 0,
      profileCount: profileIds.length,
      sizeBytes,
    })
    .execute()
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

/** Returns whether the claim was held until now. */
export async function releasePacking(
  trx: Transaction<Schema>,
  { groupId, leaseToken }: Pick<PackingClaim, 'groupId' | 'leaseToken'>,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('historyGroup')
    .set({ leaseToken: null, leaseUntilMs: 0 })
    .where('id', '=', groupId)
    .where('leaseToken', '=', leaseToken)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

export async function inParts(
  ids: readonly string[],
  run: (part: readonly string[]) => Promise<unknown>,
): Promise<void> {
  for (let start = 0; start < ids.length; start += IDS_MAX) {
    await run(ids.slice(start, start + IDS_MAX))
  }
}
