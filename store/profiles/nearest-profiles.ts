import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import type { CaptureMatch } from '../../api/index.ts'
import { type Direction, isBeside, isValue, nearestFirst } from '../near.ts'
import { isOfSpace } from '../database/of-space.ts'
import type { ProfileSource, StoredProfile } from './profile-store.ts'
import type { Schema } from '../schema/schema.ts'

/** Those of a target are of all types and instances, and those of a component of all targets: so many are looked at. */
const LOOKED_AT_MAX = 1000
/** Of which so many are of the type, and may be of another cluster. */
const FOUND_MAX = 20

export interface NearProfile {
  readonly id: string
  readonly match: CaptureMatch
}

/** What of a profile says which profiles are of the same process, and beside it in time. */
export type ProfileRow = Pick<
  StoredProfile,
  | 'id'
  | 'space'
  | 'target'
  | 'component'
  | 'instance'
  | 'cluster'
  | 'type'
  | 'takenAtMs'
  | 'receivedAtMs'
>

/** The profile of the same type beside one in time that it can be compared with; `null` without one. */
export async function nearestProfile(
  db: Kysely<Schema>,
  profile: ProfileRow,
  direction: Direction,
): Promise<NearProfile | null> {
  const { target, instance, component, cluster } = profile
  if (profile.type === null) return null
  const isNamed = target !== null || instance !== null
  const same = isNamed ? ofNames : ofUnnamed
  const found = await same(db, profile, direction).limit(FOUND_MAX).execute()
  const near = found.find(({ sourceJson }) => clusterOf(sourceJson) === cluster)
  if (near !== undefined) return { id: near.id, match: isNamed ? 'instance' : 'component' }
  if (component === null) return null
  const other = await ofComponent(db, profile, direction).limit(1).executeTakeFirst()
  return other === undefined ? null : { id: other.id, match: 'other' }
}

function clusterOf(sourceJson: string): string | null {
  const source: ProfileSource = JSON.parse(sourceJson)
  return source.cluster
}

/** Profiles of the same type, target and instance, the nearest first. */
export function ofNames(db: Kysely<Schema>, profile: ProfileRow, direction: Direction) {
  const looked = beside(db, profile, direction)
    .where(isValue('profile.target', profile.target))
    // Of a column that is null Postgres does not know that all are the same.
    .orderBy('profile.target', nearestFirst(direction))
  return ready(ofLooked(db, looked, profile, direction), direction).where(
    isValue('profile.instance', profile.instance),
  )
}

/** Profiles of the same type and component that do not name their process either, the nearest first. */
export function ofUnnamed(db: Kysely<Schema>, profile: ProfileRow, direction: Direction) {
  const unnamed = beside(db, profile, direction)
    .where('profile.space', '=', profile.space)
    .where('profile.component', '=', profile.component)
    .where('profile.type', '=', profile.type)
    .where('profile.target', 'is', null)
    .where('profile.instance', 'is', null)
  return ready(unnamed, direction)
}

/** Profiles of the same type and component, whatever they name, the nearest first. */
export function ofComponent(db: Kysely<Schema>, profile: ProfileRow, direction: Direction) {
  const looked = beside(db, profile, direction).where('profile.component', '=', profile.component)
  return ready(ofLooked(db, looked, profile, direction), direction)
}

type ProfileQuery = SelectQueryBuilder<Schema, 'profile', object>

/** In the words of the indexes. */
export const TAKEN_AT = sql<number>`coalesce("profile"."takenAtMs", "profile"."receivedAtMs")`

function beside(db: Kysely<Schema>, profile: ProfileRow, direction: Direction): ProfileQuery {
  const { id, takenAtMs, receivedAtMs } = profile
  const columns = { at: TAKEN_AT, id: sql<string>`"profile"."id"` }
  const place = { id, atMs: takenAtMs ?? receivedAtMs }
  return db.selectFrom('profile').where(isBeside(columns, place, direction))
}

function ofLooked(
  db: Kysely<Schema>,
  looked: ProfileQuery,
  { type, space }: ProfileRow,
  direction: Direction,
): ProfileQuery {
  const nearest = inOrder(looked, direction).selectAll('profile').limit(LOOKED_AT_MAX)
  return db
    .selectFrom(nearest.as('profile'))
    .where('profile.type', '=', type)
    .where(isOfSpace('profile', space))
}

function ready(profiles: ProfileQuery, direction: Direction) {
  return inOrder(profiles, direction)
    .innerJoin('analysis', 'analysis.id', 'profile.currentAnalysisId')
    .where('analysis.state', '=', 'ready')
    .where('profile.deletedAtMs', 'is', null)
    .select(['profile.id', 'profile.sourceJson'])
}

function inOrder(profiles: ProfileQuery, direction: Direction): ProfileQuery {
  const order = nearestFirst(direction)
  return profiles.orderBy(TAKEN_AT, order).orderBy('profile.id', order)
}
