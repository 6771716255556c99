import type { Kysely, Transaction } from 'kysely'
import type { BlobKey, BlobStore } from '../blobs/blob-store.ts'
import { checkBlob, type BlobFault } from '../blobs/verify.ts'
import type { SqlStoreOptions } from '../database/sql-store-options.ts'
import { remakeBlock } from '../history/remake-block.ts'
import { UNCLAIMED } from '../profiles/analysis-endings.ts'
import type { Schema } from '../schema/schema.ts'
import type { FaultEvent, FaultOutcome, Integrity } from './integrity.ts'

export interface IntegrityNeeds extends SqlStoreOptions {
  readonly blobs: BlobStore
  /** Called for each damaged blob that is met, for the log and for metrics. */
  readonly onFault: (event: FaultEvent) => void
}

export function sqlIntegrity(needs: IntegrityNeeds): Integrity {
  const { db, write, now, blobs, onFault } = needs

  async function report(key: BlobKey, fault: BlobFault): Promise<FaultOutcome> {
    // Bytes go after their row: this is no damage.
    if (!(await isKnown(db, key))) return 'deleted'
    const outcome = await repair(needs, key, fault)
    if (outcome !== 'recomputed') await mark(needs, key, outcome === 'lost' ? fault : null)
    onFault({ key, fault, outcome })
    return outcome
  }

  return {
    report,
    claimUnchecked: (beforeMs, limit) =>
      write((trx) => claimUnchecked(trx, { beforeMs, limit, nowMs: now() })),
    async check(key) {
      const fault = await checkBlob(blobs, key)
      if (fault === null) {
        await mark(needs, key, null)
        return null
      }
      const outcome = await report(key, fault)
      return outcome === 'deleted' ? null : outcome
    },
    listBlobs(after, limit) {
      const query = db.selectFrom('blob').select(['id as key', 'sizeBytes', 'kind'])
      const rest = after === null ? query : query.where('id', '>', after)
      return rest.orderBy('id').limit(limit).execute()
    },
    async faultyBlobs(limit) {
      const rows = await db
        .selectFrom('blob')
        .select(['id as key', 'kind', 'fault'])
        .where('fault', 'is not', null)
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.flatMap(({ fault, ...row }) => (fault === null ? [] : [{ ...row, fault }]))
    },
  }
}

async function repair(
  needs: IntegrityNeeds,
  key: BlobKey,
  fault: BlobFault,
): Promise<FaultOutcome> {
  const { blobs } = needs
  if (fault === 'missing' && (await blobs.restoreFromTrash(key))) {
    const found = await checkBlob(blobs, key)
    if (found === null) return 'restored'
  }
  const isMadeAgain = (await recompute(needs, key)) || (await remake(needs, key))
  return isMadeAgain ? 'recomputed' : 'lost'
}

async function remake({ write, now, blobs }: IntegrityNeeds, key: BlobKey): Promise<boolean> {
  const keys = await write((trx) => remakeBlock(trx, key, now()))
  for (const one of keys ?? []) await blobs.moveToTrash(one, now())
  return keys !== null
}

/** Has columns computed again when the raw bytes are whole; without them the report is all there is. */
async function recompute({ db, write, now, blobs }: IntegrityNeeds, key: BlobKey) {
  const found = await db
    .selectFrom('analysis')
    .innerJoin('profile', 'profile.id', 'analysis.profileId')
    .select(['analysis.id', 'profile.rawBlobId'])
    .where('analysis.columnsBlobId', '=', key)
    .executeTakeFirst()
  if (found === undefined || (await checkBlob(blobs, found.rawBlobId)) !== null) return false
  const isRestarted = await write((trx) => restart(trx, { id: found.id, key }, now()))
  if (isRestarted) await blobs.moveToTrash(key, now())
  return isRestarted
}

async function restart(
  trx: Transaction<Schema>,
  { id, key }: { readonly id: string; readonly key: BlobKey },
  nowMs: number,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('analysis')
    .set({
      ...UNCLAIMED,
      // Any worker may do it, whatever the versions of its rules.
      decoderVersion: null,
      ruleSetVersion: null,
      crashCount: 0,
      retryCount: 0,
      notBeforeMs: nowMs,
      columnsBlobId: null,
      finishedAtMs: null,
      supersededAtMs: null,
    })
    .where('id', '=', id)
    .where('columnsBlobId', '=', key)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return false
  await trx.deleteFrom('report').where('analysisId', '=', id).execute()
  await trx.deleteFrom('blob').where('id', '=', key).execute()
  return true
}

async function mark(
  { write }: Pick<IntegrityNeeds, 'write'>,
  key: BlobKey,
  fault: BlobFault | null,
): Promise<void> {
  await write((trx) =>
    trx
      .updateTable('blob')
      .set({ fault })
      .where('id', '=', key)
      .where('fault', fault === null ? 'is not' : 'is distinct from', fault)
      .execute(),
  )
}

async function claimUnchecked(
  trx: Transaction<Schema>,
  { beforeMs, limit, nowMs }: { beforeMs: number; limit: number; nowMs: number },
): Promise<readonly BlobKey[]> {
  const due = await trx
    .selectFrom('blob')
    .select('id')
    .where('checkedAtMs', '<', beforeMs)
    .orderBy('checkedAtMs')
    .limit(limit)
    .execute()
  const keys = due.map(({ id }) => id)
  if (keys.length > 0) {
    await trx.updateTable('blob').set({ checkedAtMs: nowMs }).where('id', 'in', keys).execute()
  }
  return keys
}

async function isKnown(db: Kysely<Schema>, key: BlobKey): Promise<boolean> {
  const row = await db.selectFrom('blob').select('id').where('id', '=', key).executeTakeFirst()
  return row !== undefined
}
