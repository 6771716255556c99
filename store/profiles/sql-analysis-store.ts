import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import { ANALYSES, ANALYSIS_ENDINGS } from './analysis-endings.ts'
import type { AnalysisStore, ClaimedAnalysis, ClaimRequest, Lane } from './analysis-store.ts'
import { earlierProfiles } from './earlier-profiles.ts'
import { isFollowed, subjectOf } from './finding-subject-of-profile.ts'
import { subjectIdOf } from '../findings/finding-subject.ts'
import { readBaseline } from '../findings/read-baseline.ts'
import { isLookedAt, lookAt, type LookedAt } from '../database/look.ts'
import { newId } from '../id.ts'
import type { AnalysisVersions } from '../jobs/job-store.ts'
import { type Batch, together } from '../database/together.ts'
import { heldJob, sqlJobStore } from '../jobs/sql-job-store.ts'
import { NEW_ANALYSIS } from './new-analysis.ts'
import type { ProfileSource } from './profile-store.ts'
import type { Schema } from '../schema/schema.ts'
import type { SqlStoreOptions } from '../database/sql-store-options.ts'

export function sqlAnalysisStore(options: SqlStoreOptions): AnalysisStore {
  const { db, write, now } = options
  return {
    ...sqlJobStore(options, ANALYSES, ANALYSIS_ENDINGS),
    claim: (id, request) =>
      write(
        (trx) => claimDue(trx, { id, lane: 'normal', request }, now()),
        'repeatable read',
        'committed',
      ),
    async hasDue(lane, request) {
      return (await due(db, { lane, request }, now()).executeTakeFirst()) !== undefined
    },
    claimNext: (lane, request) =>
      write((trx) => claimDue(trx, { lane, request }, now()), 'repeatable read', 'committed'),
    addForVersions: (versions, look) =>
      lookAt(db, 'profile', look, {
        find: (rows) => outdatedQuery(db, { versions, rows }).limit(1).execute(),
        change: (rows) => write((trx) => addForVersions(trx, { versions, rows }, now())),
      }),
    async backlog() {
      const row = await db
        .selectFrom('analysis')
        .select(({ fn }) => [
          fn.countAll<number>().as('waitingCount'),
          fn.min<number | null>('createdAtMs').as('oldestReceivedAtMs'),
        ])
        .where('state', '=', 'received')
        .executeTakeFirstOrThrow()
      return row
    },
  }
}

interface Due {
  readonly id?: string
  readonly lane: Lane
  readonly request: ClaimRequest
}

/** The analysis that has been due longest. */
function due(db: Kysely<Schema>, { id, lane, request }: Due, nowMs: number) {
  const { decoder, ruleSet } = request.versions
  const query = db
    .selectFrom('analysis')
    .select('id')
    .where('state', '=', 'received')
    .where('notBeforeMs', '<=', nowMs)
    .where('crashCount', lane === 'normal' ? '=' : '>', 0)
    .where((where) =>
      where.or([
        where('decoderVersion', 'is', null),
        where.and([where('decoderVersion', '=', decoder), where('ruleSetVersion', '=', ruleSet)]),
      ]),
    )
    .orderBy('notBeforeMs')
    .limit(1)
  return id === undefined ? query : query.where('id', '=', id)
}

async function claimDue(
  trx: Transaction<Schema>,
  wanted: Due,
  nowMs: number,
): Promise<ClaimedAnalysis | null> {
  const { owner, leaseMs, versions } = wanted.request
  // Workers that claim at the same time pass over the rows of each other.
  const free = due(trx, wanted, nowMs).forUpdate().skipLocked()
  const held = heldJob(leaseMs, nowMs)
  const claimed = await trx
    .updateTable('analysis')
    .set({
      ...held.change,
      state: 'analysing',
      claimCount: sql<number>`${sql.ref('claimCount')} + 1`,
      leaseOwner: owner,
      claimedAtMs: nowMs,
    })
    .where('id', '=', free)
    .returning([
      'id',
      'crashCount',
      'retryCount',
      'profileId',
      ofProfile('captureId'),
      ofProfile('rawBlobId'),
      ofProfile('sourceJson'),
      ofProfile('receivedAtMs'),
    ])
    .executeTakeFirst()
  if (claimed === undefined) return null
  const { rawBlobId, sourceJson, receivedAtMs, ...claim } = claimed
  const { captureId, profileId } = claim
  const source: ProfileSource = JSON.parse(sourceJson)
  const [earlier, baseline] = await together(trx, (batch) =>
    Promise.all([
      earlierProfiles(batch, profileId, source),
      captureId === null ? baselineOf(batch, { profileId, receivedAtMs }, source) : null,
    ]),
  )
  return { ...claim, ...held.fence, versions, source, rawBlobKey: rawBlobId, earlier, baseline }
}

/** A column of the profile in the row of its analysis. */
function ofProfile<Column extends keyof Schema['profile']>(column: Column) {
  return sql<Selectable<Schema['profile']>[Column]>`(
    select ${sql.ref(`profile.${column}`)} from "profile" where "profile"."id" = "analysis"."profileId"
  )`.as(column)
}

/** Where the profile itself says when it was taken, what came later is left out when it is read. */
async function baselineOf(
  batch: Batch,
  { profileId, receivedAtMs }: { readonly profileId: string; readonly receivedAtMs: number },
  source: ProfileSource,
) {
  if (!isFollowed(source) || (source.type ?? 'cpu') !== 'cpu') return null
  const subjectId = subjectIdOf(subjectOf(source))
  const atMs = source.takenAtMs ?? receivedAtMs
  return readBaseline(batch, { subjectId, id: profileId, atMs })
}

interface Outdated {
  readonly versions: AnalysisVersions
  readonly rows: LookedAt
}

/** Of these profiles those that other versions have read, and that are not to be read by these. */
export function outdatedQuery(
  db: Kysely<Schema>,
  { versions: { decoder, ruleSet }, rows }: Outdated,
) {
  return db
    .selectFrom('profile')
    .innerJoin('analysis', 'analysis.id', 'profile.currentAnalysisId')
    .select('profile.id')
    .where(isLookedAt('profile', rows))
    .where('profile.deletedAtMs', 'is', null)
    .where((where) =>
      where.or([
        where.and([
          where('analysis.state', '=', 'ready'),
          where.or([
            where('analysis.decoderVersion', '!=', decoder),
            where('analysis.ruleSetVersion', '!=', ruleSet),
          ]),
        ]),
        // Other rules cannot make unreadable bytes readable.
        where.and([
          where('analysis.state', 'in', ['failed', 'quarantined']),
          where('analysis.decoderVersion', '!=', decoder),
        ]),
      ]),
    )
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('analysis as other')
            .select('other.id')
            .whereRef('other.profileId', '=', 'profile.id')
            .where('other.decoderVersion', '=', decoder)
            .where('other.ruleSetVersion', '=', ruleSet),
        ),
      ),
    )
}

async function addForVersions(
  trx: Transaction<Schema>,
  wanted: Outdated,
  nowMs: number,
): Promise<number> {
  const { decoder, ruleSet } = wanted.versions
  const outdated = await outdatedQuery(trx, wanted).execute()
  for (const { id } of outdated) {
    await trx
      .insertInto('analysis')
      .values({
        ...NEW_ANALYSIS,
        id: newId(),
        profileId: id,
        decoderVersion: decoder,
        ruleSetVersion: ruleSet,
        notBeforeMs: nowMs,
        createdAtMs: nowMs,
      })
      .execute()
  }
  return outdated.length
}
