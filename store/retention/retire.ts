import type { Kysely, Transaction } from 'kysely'
import type { RetentionRules } from './garbage.ts'
import { removeCapture } from '../captures/remove-capture.ts'
import { isSharedBy } from '../profiles/sql-link-store.ts'
import type { Schema } from '../schema/schema.ts'
import { storedBytes } from './stored-bytes.ts'

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
  const captures = await oldestCapturesQuery(trx, nowMs).limit(limit).execute()
  const profiles = await oldestProfilesQuery(trx, nowMs).limit(limit).execute()
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

export function oldestCapturesQuery(db: Kysely<Schema>, nowMs: number) {
  return (
    db
      .selectFrom('capture')
      .select(['id', 'createdAtMs'])
      .where('deletedAtMs', 'is', null)
      .where('pinnedAtMs', 'is', null)
      .where('status', 'not in', ['waiting', 'running'])
      // A single null in these subqueries would make `not in` match no row.
      .where(
        'id',
        'not in',
        linkedProfiles(db, nowMs)
          .where('profile.captureId', 'is not', null)
          .select('profile.captureId'),
      )
      .where(
        'id',
        'not in',
        db
          .selectFrom('profile')
          .where('pinnedAtMs', 'is not', null)
          .where('deletedAtMs', 'is', null)
          .where('captureId', 'is not', null)
          .select('captureId'),
      )
      .orderBy('id')
  )
}

export function oldestProfilesQuery(db: Kysely<Schema>, nowMs: number) {
  return (
    db
      .selectFrom('profile')
      .select(['id', 'receivedAtMs'])
      .where('deletedAtMs', 'is', null)
      .where('captureId', 'is', null)
      .where('pinnedAtMs', 'is', null)
      .where('id', 'not in', linkedProfiles(db, nowMs).select('profile.id'))
      // It is null for all, and with it the order is that of the index.
      .orderBy('captureId')
      .orderBy('id')
  )
}

/** The profiles shared by a valid link. */
function linkedProfiles(db: Kysely<Schema>, nowMs: number) {
  return db
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
