import type { Kysely, Transaction } from 'kysely'
import type { RetentionRules } from './garbage.ts'
import { removeCapture } from '../captures/remove-capture.ts'
import { isSharedBy } from '../profiles/sql-link-store.ts'
import type { Schema } from '../schema/schema.ts'

interface Retirement {
  readonly rules: RetentionRules
  readonly limit: number
}

/** A capture with its profiles, or a standalone profile. */
interface Candidate {
  readonly kind: 'capture' | 'profile'
  readonly id: string
  readonly createdAtMs: number
}

/** Marks expired captures and profiles as deleted, the oldest first. Returns their number. */
export async function retire(
  trx: Transaction<Schema>,
  { rules: { beforeMs, bytesMax }, limit }: Retirement,
  nowMs: number,
): Promise<number> {
  const excess = { sizeBytes: bytesMax === null ? 0 : (await storedBytes(trx)) - bytesMax }
  if (beforeMs === null && excess.sizeBytes <= 0) return 0
  let count = 0
  for (const candidate of await oldest(trx, limit, nowMs)) {
    const isOld = beforeMs !== null && candidate.createdAtMs < beforeMs
    if (!isOld && excess.sizeBytes <= 0) return count
    excess.sizeBytes -= await bytesOf(trx, candidate)
    await remove(trx, candidate, nowMs)
    count += 1
  }
  return count
}

async function oldest(
  trx: Transaction<Schema>,
  limit: number,
  nowMs: number,
): Promise<readonly Candidate[]> {
  const captures = await trx
    .selectFrom('capture')
    .select(['id', 'createdAtMs'])
    .where('deletedAtMs', 'is', null)
    .where('pinnedAtMs', 'is', null)
    .where('status', 'not in', ['waiting', 'running'])
    // A single null in these subqueries would make `not in` match no row.
    .where(
      'id',
      'not in',
      linkedProfiles(trx, nowMs)
        .where('profile.captureId', 'is not', null)
        .select('profile.captureId'),
    )
    .where(
      'id',
      'not in',
      trx
        .selectFrom('profile')
        .where('pinnedAtMs', 'is not', null)
        .where('deletedAtMs', 'is', null)
        .where('captureId', 'is not', null)
        .select('captureId'),
    )
    .orderBy('id')
    .limit(limit)
    .execute()
  const profiles = await trx
    .selectFrom('profile')
    .select(['id', 'receivedAtMs'])
    .where('deletedAtMs', 'is', null)
    .where('captureId', 'is', null)
    .where('pinnedAtMs', 'is', null)
    .where('id', 'not in', linkedProfiles(trx, nowMs).select('profile.id'))
    .orderBy('id')
    .limit(limit)
    .execute()
  return [
    ...captures.map((row) => ({ kind: 'capture' as const, ...row })),
    ...profiles.map(({ id, receivedAtMs }) => ({
      kind: 'profile' as const,
      id,
      createdAtMs: receivedAtMs,
    })),
  ]
    .sort((a, b) => a.createdAtMs - b.createdAtMs)
    .slice(0, limit)
}

/** The profiles shared by a valid link. */
function linkedProfiles(trx: Transaction<Schema>, nowMs: number) {
  return trx
    .selectFrom('link')
    .innerJoin('profile', (join) => join.on(isSharedBy))
    .where('link.revokedAtMs', 'is', null)
    .where('link.expiresAtMs', '>', nowMs)
}

async function remove(
  trx: Transaction<Schema>,
  { kind, id }: Candidate,
  nowMs: number,
): Promise<void> {
  if (kind === 'capture') await removeCapture(trx, id, nowMs)
  else {
    await trx.updateTable('profile').set({ deletedAtMs: nowMs }).where('id', '=', id).execute()
  }
}

/** All captures and profiles that are not deleted, with the data derived from them. */
async function storedBytes(trx: Transaction<Schema>): Promise<number> {
  const profiles = await profileBytes(trx).executeTakeFirstOrThrow()
  const files = await fileBytes(trx).executeTakeFirstOrThrow()
  return (profiles.rawBytes ?? 0) + (profiles.columnsBytes ?? 0) + (files.sizeBytes ?? 0)
}

async function bytesOf(trx: Transaction<Schema>, { kind, id }: Candidate): Promise<number> {
  const isCapture = kind === 'capture'
  const profiles = await profileBytes(trx)
    .where(isCapture ? 'profile.captureId' : 'profile.id', '=', id)
    .executeTakeFirstOrThrow()
  const ofProfiles = (profiles.rawBytes ?? 0) + (profiles.columnsBytes ?? 0)
  if (!isCapture) return ofProfiles
  const files = await fileBytes(trx).where('capture.id', '=', id).executeTakeFirstOrThrow()
  return ofProfiles + (files.sizeBytes ?? 0)
}

function profileBytes(db: Kysely<Schema>) {
  return db
    .selectFrom('profile')
    .innerJoin('blob as raw', 'raw.id', 'profile.rawBlobId')
    .leftJoin('analysis', 'analysis.id', 'profile.currentAnalysisId')
    .leftJoin('blob as columns', 'columns.id', 'analysis.columnsBlobId')
    .where('profile.deletedAtMs', 'is', null)
    .select(({ fn }) => [
      fn.sum<number | null>('raw.sizeBytes').as('rawBytes'),
      fn.sum<number | null>('columns.sizeBytes').as('columnsBytes'),
    ])
}

function fileBytes(db: Kysely<Schema>) {
  return db
    .selectFrom('captureFile')
    .innerJoin('capture', 'capture.id', 'captureFile.captureId')
    .where('capture.deletedAtMs', 'is', null)
    .where('captureFile.blobId', 'is not', null)
    .select(({ fn }) => fn.sum<number | null>('captureFile.sizeBytes').as('sizeBytes'))
}
