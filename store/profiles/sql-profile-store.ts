import type { Kysely, Transaction } from 'kysely'
import { AppError, DEFAULT_SPACE, type Language, type Report } from '../../api/index.ts'
import type { Direction, Nearest } from '../near.ts'
import { unpackJson } from '../database/packed-json.ts'
import { dropFindings } from '../findings/enter-findings.ts'
import { dropFromHistory } from './enter-history.ts'
import { insertProfile } from './insert-profile.ts'
import { nearestProfile } from './nearest-profiles.ts'
import { NEW_ANALYSIS } from './new-analysis.ts'
import type {
  AddedProfile,
  MatchedProfile,
  NewProfile,
  ProfileStore,
  StoredProfile,
} from './profile-store.ts'
import type { Schema } from '../schema/schema.ts'
import { countFacets } from '../database/list-filter.ts'
import { listProfiles, PROFILES } from './list-profiles.ts'
import { liveProfiles, type ProfileRow, toProfile, withRow } from './profile-rows.ts'
import type { SqlStoreOptions } from '../database/sql-store-options.ts'
import { setPinned } from './set-pinned.ts'

const FACETS = ['target', 'cluster', 'component', 'type', 'status', 'level'] as const

export function sqlProfileStore({ db, write, now }: SqlStoreOptions): ProfileStore {
  return {
    add: (profile) => write((trx) => addProfile(trx, profile), 'repeatable read'),
    find: (id) => findProfile(db, id),
    nearest: (id) => findNearest(db, id),
    list: (filter, page) => listProfiles(db, filter, page),
    facets: (filter) => countFacets(db, PROFILES, { names: FACETS, filter }),
    findReport: (id, language) => findReport(db, id, language),
    setPinned: (id, isPinned) =>
      write((trx) => setPinned(trx, { table: 'profile', id, pinnedAtMs: isPinned ? now() : null })),
    remove: (id) =>
      write(async (trx) => {
        if (await isShared(trx, id, now())) throw new AppError('PROFILE_IN_USE')
        const removed = await trx
          .updateTable('profile')
          .set({ deletedAtMs: now() })
          .where('id', '=', id)
          .where('deletedAtMs', 'is', null)
          .executeTakeFirst()
        if (removed.numUpdatedRows === 0n) return false
        await dropFromHistory(trx, [id], now())
        await dropFindings(trx, [id])
        await trx
          .updateTable('link')
          .set({ revokedAtMs: now() })
          .where('profileId', '=', id)
          .where('revokedAtMs', 'is', null)
          .execute()
        return true
      }),
  }
}

/** Whether a link that works shares it. */
async function isShared(trx: Transaction<Schema>, id: string, nowMs: number): Promise<boolean> {
  const link = await trx
    .selectFrom('link')
    .select('id')
    .where((eb) => eb.or([eb('profileId', '=', id), eb('beforeProfileId', '=', id)]))
    .where('revokedAtMs', 'is', null)
    .where('expiresAtMs', '>', nowMs)
    .executeTakeFirst()
  return link !== undefined
}

async function addProfile(trx: Transaction<Schema>, added: NewProfile): Promise<AddedProfile> {
  const known = await findDuplicate(trx, added.dedupeKey)
  if (known !== null) return known
  const { id, analysisId } = await insertProfile(trx, { ...added, captureId: null })
  return { profile: toProfile(newRow(id, added)), analysisId, isDuplicate: false }
}

/** The row of a profile that was just inserted, as a query would read it. */
function newRow(id: string, { source, blob, receivedAtMs }: NewProfile): ProfileRow {
  const { space = DEFAULT_SPACE, target, component, type, takenAtMs } = source
  return {
    ...NEW_ANALYSIS,
    id,
    space,
    target,
    component,
    type,
    takenAtMs,
    receivedAtMs,
    captureId: null,
    sourceJson: JSON.stringify(source),
    pinnedAtMs: null,
    rawBlobId: blob.key,
    sizeBytes: blob.sizeBytes,
    fault: null,
  }
}

/** The live profile with this dedupeKey, or `null`. */
export async function findDuplicate(
  trx: Transaction<Schema>,
  dedupeKey: string,
): Promise<AddedProfile | null> {
  const known = await trx
    .selectFrom('profile')
    .select('id')
    .where('dedupeKey', '=', dedupeKey)
    .where('deletedAtMs', 'is', null)
    .executeTakeFirst()
  if (known === undefined) return null
  return { profile: await foundProfile(trx, known.id), analysisId: null, isDuplicate: true }
}

/** A profile that this transaction has read or written. */
export async function foundProfile(db: Kysely<Schema>, id: string): Promise<StoredProfile> {
  const profile = await findProfile(db, id)
  if (profile === null) throw new Error(`profile ${id} vanished within a transaction`)
  return profile
}

async function findProfile(db: Kysely<Schema>, id: string): Promise<StoredProfile | null> {
  const row = await withRow(liveProfiles(db)).where('profile.id', '=', id).executeTakeFirst()
  return row === undefined ? null : toProfile(row)
}

async function findNearest(db: Kysely<Schema>, id: string): Promise<Nearest<MatchedProfile>> {
  const profile = await findProfile(db, id)
  if (profile === null) return { before: null, after: null }
  const find = async (direction: Direction) => {
    const near = await nearestProfile(db, profile, direction)
    const found = near === null ? null : await findProfile(db, near.id)
    return near === null || found === null ? null : { match: near.match, profile: found }
  }
  return { before: await find('before'), after: await find('after') }
}

async function findReport(
  db: Kysely<Schema>,
  id: string,
  language: Language,
): Promise<Report | null> {
  const row = await db
    .selectFrom('profile')
    .innerJoin('report', 'report.analysisId', 'profile.currentAnalysisId')
    .select('report.reportJson')
    .where('profile.id', '=', id)
    .where('report.language', '=', language)
    .where('profile.deletedAtMs', 'is', null)
    .executeTakeFirst()
  return row === undefined ? null : unpackJson(row.reportJson)
}
