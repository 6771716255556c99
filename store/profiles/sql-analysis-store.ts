import { randomUUID } from 'node:crypto'
import type { Kysely, Transaction } from 'kysely'
import {
  completeAnalysis,
  crashAnalysis,
  expireLeases,
  finishAnalysis,
  UNCLAIMED,
  updateFenced,
} from './analysis-endings.ts'
import type {
  AnalysisStore,
  AnalysisVersions,
  ClaimedAnalysis,
  ClaimRequest,
  Lane,
} from './analysis-store.ts'
import { earlierProfiles } from './earlier-profiles.ts'
import { newId } from '../id.ts'
import { NEW_ANALYSIS } from './new-analysis.ts'
import type { ProfileSource } from './profile-store.ts'
import type { Schema } from '../sqlite/schema.ts'
import type { SqlStoreOptions } from '../sqlite/sql-store-options.ts'

export function sqlAnalysisStore({ db, write, now }: SqlStoreOptions): AnalysisStore {
  return {
    claim: (id, request) => write((trx) => claimDue(trx, { id, lane: 'normal', request }, now())),
    async hasDue(lane, request) {
      return (await due(db, { lane, request }, now()).executeTakeFirst()) !== undefined
    },
    claimNext: (lane, request) => write((trx) => claimDue(trx, { lane, request }, now())),
    renew: (claim, leaseMs) =>
      write((trx) => updateFenced(trx, claim, { leaseUntilMs: now() + leaseMs })),
    complete: (claim, result) => write((trx) => completeAnalysis(trx, { claim, result }, now())),
    fail: (claim, failure) =>
      write((trx) => finishAnalysis(trx, { claim, state: 'failed', failure }, now())),
    release: (claim) =>
      write((trx) => updateFenced(trx, claim, { ...UNCLAIMED, crashCount: claim.crashCount - 1 })),
    retryLater: (claim, delayMs) =>
      write((trx) =>
        updateFenced(trx, claim, {
          ...UNCLAIMED,
          crashCount: claim.crashCount - 1,
          retryCount: claim.retryCount + 1,
          notBeforeMs: now() + delayMs,
        }),
      ),
    crashed: (claim, failure, rules) =>
      write((trx) => crashAnalysis(trx, { claim, failure, rules }, now())),
    expireLeases: (beforeMs, rules) =>
      write((trx) => expireLeases(trx, { beforeMs, rules }, now())),
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
  const leaseToken = randomUUID()
  const claimed = await trx
    .updateTable('analysis')
    .set((update) => ({
      state: 'analysing',
      claimCount: update('claimCount', '+', 1),
      crashCount: update('crashCount', '+', 1),
      leaseOwner: owner,
      leaseToken,
      leaseUntilMs: nowMs + leaseMs,
      claimedAtMs: nowMs,
    }))
    .where('id', '=', due(trx, wanted, nowMs))
    .returning(['id', 'profileId', 'crashCount', 'retryCount'])
    .executeTakeFirst()
  if (claimed === undefined) return null
  const profile = await trx
    .selectFrom('profile')
    .select(['id', 'captureId', 'rawBlobId', 'sourceJson'])
    .where('id', '=', claimed.profileId)
    .executeTakeFirstOrThrow()
  const source: ProfileSource = JSON.parse(profile.sourceJson)
  return {
    ...claimed,
    leaseToken,
    claimedAtMs: nowMs,
    rawBlobKey: profile.rawBlobId,
    source,
    captureId: profile.captureId,
    earlier: await earlierProfiles(trx, profile.id, source),
    versions,
  }
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
