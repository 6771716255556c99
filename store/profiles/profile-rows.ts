import { sql, type Kysely, type RawBuilder, type SelectQueryBuilder } from 'kysely'
import { fromJson } from '../database/from-json.ts'
import { isBlobKey, sha256OfKey } from '../blobs/blob-store.ts'
import type { Schema } from '../schema/schema.ts'
import type { ProfileLabel, StoredProfile } from './profile-store.ts'

/** The live profiles, with their current analyses. */
export function liveProfiles(db: Kysely<Schema>) {
  return joinedProfiles(
    db.selectFrom('profile'),
    sql<boolean>`"analysis"."id" = "profile"."currentAnalysisId"`,
  )
}

/** The live profiles of rows that may be joined to others, with the analyses that a condition says. */
export function joinedProfiles(
  profiles: SelectQueryBuilder<Schema, 'profile' | 'profileLabel', object>,
  isOfProfile: RawBuilder<boolean>,
) {
  return profiles
    .innerJoin('analysis', (join) => join.on(isOfProfile))
    .where('profile.deletedAtMs', 'is', null)
}

export function withRow(profiles: ReturnType<typeof joinedProfiles>) {
  return profiles
    .innerJoin('blob', 'blob.id', 'profile.rawBlobId')
    .select([
      'profile.id',
      'profile.space',
      'profile.captureId',
      'profile.sourceJson',
      'profile.target',
      'profile.component',
      'profile.type',
      'profile.takenAtMs',
      'profile.receivedAtMs',
      'profile.pinnedAtMs',
      'profile.rawBlobId',
      'blob.sizeBytes',
      'blob.fault',
      'analysis.state',
      'analysis.columnsBlobId',
      'analysis.factsJson',
      'analysis.failureJson',
      'analysis.worstFindingJson',
      'analysis.findingCount',
    ])
}

export type ProfileRow = NonNullable<
  Awaited<ReturnType<ReturnType<typeof withRow>['executeTakeFirst']>>
>

export function toProfile(row: ProfileRow): StoredProfile {
  const source: { readonly [Key in 'instance' | 'cluster' | 'fileName']: string | null } & {
    readonly labels: readonly ProfileLabel[]
  } = JSON.parse(row.sourceJson)
  if (!isBlobKey(row.rawBlobId)) throw new Error(`profile ${row.id} refers to no blob key`)
  return {
    id: row.id,
    space: row.space,
    captureId: row.captureId,
    status: row.state,
    target: row.target,
    component: row.component,
    instance: source.instance,
    cluster: source.cluster,
    type: row.type,
    labels: source.labels,
    fileName: source.fileName,
    receivedAtMs: row.receivedAtMs,
    takenAtMs: row.takenAtMs,
    pinnedAtMs: row.pinnedAtMs,
    sha256: sha256OfKey(row.rawBlobId),
    sizeBytes: row.sizeBytes,
    rawBlobKey: row.rawBlobId,
    rawBlobFault: row.fault,
    columnsBlobKey: row.columnsBlobId,
    facts: fromJson(row.factsJson),
    failure: fromJson(row.failureJson),
    worstFinding: fromJson(row.worstFindingJson),
    findingCount: row.findingCount,
  }
}
