import { type Kysely, sql, type Transaction } from 'kysely'
import { ANALYSES, ANALYSIS_ENDINGS } from './analysis-endings.ts'
import type { AnalysisStore, ClaimedAnalysis, ClaimRequest, Lane } from './analysis-store.ts'
import { earlierProfiles } from './earlier-profiles.ts'
import { isFollowed, subjectOf } from './finding-subject-of-profile.ts'
import { subjectIdOf } from '../findings/finding-subject.ts'
import { readBaseline } from '../findings/read-baseline.ts'
import { newId } from '../id.ts'
import type { AnalysisVersions } from '../jobs/job-store.ts'
import { claimJob, sqlJobStore } from '../jobs/sql-job-store.ts'
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
    addForVersions: (versions, limit) =>
      write((trx) => addForVersions(trx, { versions, limit }, now())),
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
  const change = {
    claimCount: sql<number>`${sql.ref('claimCount')} + 1`,
    leaseOwner: owner,
    claimedAtMs: nowMs,
  }
  // Workers that claim at the same time pass over the rows of each other.
  const free = due(trx, wanted, nowMs).forUpdate().skipLocked()
  const job = { due: free.$asScalar(), versions, leaseMs, change }
  const claim = await claimJob(trx, ANALYSES, job, nowMs)
  if (claim === null) return null
  const profile = await trx
    .selectFrom('profile')
    .innerJoin('analysis', 'analysis.profileId', 'profile.id')
    .select([
      'profile.id',
      'profile.captureId',
      'profile.rawBlobId',
      'profile.sourceJson',
      'profile.receivedAtMs',
    ])
    .where('analysis.id', '=', claim.id)
    .executeTakeFirstOrThrow()
  const source: ProfileSource = JSON.parse(profile.sourceJson)
  return {
    ...claim,
    profileId: profile.id,
    rawBlobKey: profile.rawBlobId,
    source,
    captureId: profile.captureId,
    earlier: await earlierProfiles(trx, profile.id, source),
    baseline: profile.captureId === null ? await baselineOf(trx, profile, source) : null,
  }
}

/** Where the profile itself says when it was taken, what came later is left out when it is read. */
async function baselineOf(
  trx: Transaction<Schema>,
  { id, receivedAtMs }: Pick<Schema['profile'], 'id' | 'receivedAtMs'>,
  source: ProfileSource,
) {
  if (!isFollowed(source) || (source.type ?? 'cpu') !== 'cpu') return null
  const subjectId = subjectIdOf(subjectOf(source))
  return readBaseline(trx, { subjectId, id, atMs: source.takenAtMs ?? receivedAtMs })
}

async function addForVersions(
  trx: Transaction<Schema>,
  { versions, limit }: { readonly versions: AnalysisVersions; readonly limit: number },
  nowMs: number,
): Promise<number> {
  const { decoder, ruleSet } = versions
  const outdated = await trx
    .selectFrom('analysis')
    .innerJoin('profile', 'profile.currentAnalysisId', 'analysis.id')
    .select('profile.id')
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
    .limit(limit)
    .execute()
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
