import { type Kysely, sql } from 'kysely'
import { DEFAULT_SPACE } from '../../api/index.ts'
import { isOfSpace } from '../database/of-space.ts'
import type { Batch } from '../database/together.ts'
import type { EarlierProfile } from './analysis-store.ts'
import type { ProfileSource } from './profile-store.ts'
import type { Schema } from '../schema/schema.ts'

/** The profile types with a cumulative sample type (counted since the process started). */
const CUMULATIVE_TYPES = ['heap', 'allocs', 'block', 'mutex'] as const
const LOOKED_AT_MAX = 20

/**
 * For each type, the newest ready profile before this one of the same target, instance and cluster.
 * Without a target, the process of a profile is unknown.
 */
export async function earlierProfiles(
  { db, run }: Batch,
  profileId: string,
  { target, instance, cluster, type, space = DEFAULT_SPACE }: ProfileSource,
): Promise<readonly EarlierProfile[]> {
  const types = CUMULATIVE_TYPES.filter((one) => type === null || one === type)
  if (target === null || types.length === 0) return []
  const rows = await run(earlierQuery(db, profileId, { target, instance, types, space }))
  const newest = new Map<string, EarlierProfile>()
  for (const row of rows) {
    const source: ProfileSource = JSON.parse(row.sourceJson)
    if (row.type === null || source.cluster !== cluster || newest.has(row.type)) continue
    newest.set(row.type, { type: row.type, rawBlobKey: row.rawBlobId })
  }
  return [...newest.values()]
}

interface Wanted {
  readonly target: string
  readonly instance: string | null
  readonly types: readonly (typeof CUMULATIVE_TYPES)[number][]
  readonly space: string
}

export function earlierQuery(db: Kysely<Schema>, profileId: string, wanted: Wanted) {
  const { target, instance, types, space } = wanted
  return db
    .selectFrom('profile')
    .innerJoin('analysis', 'analysis.id', 'profile.currentAnalysisId')
    .select(['profile.type', 'profile.rawBlobId', 'profile.sourceJson'])
    .where('profile.target', '=', target)
    .where(isOfSpace('profile', space))
    .where('profile.instance', 'is not distinct from', instance)
    .where('profile.type', 'in', types.map(asLiteral))
    .where('profile.id', '<', profileId)
    .where('profile.deletedAtMs', 'is', null)
    .where('analysis.state', '=', 'ready')
    .orderBy('profile.id', 'desc')
    .limit(LOOKED_AT_MAX)
}

/** Part of the text of the statement, which Postgres then keeps planned. */
function asLiteral(type: (typeof CUMULATIVE_TYPES)[number]) {
  return sql.lit(type)
}
