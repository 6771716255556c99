import type { Transaction, UpdateObject } from 'kysely'
import type {
  AnalysisResult,
  AnalysisVersions,
  ClaimedAnalysis,
  CrashRules,
} from './analysis-store.ts'
import type { ProfileFailure } from './profile-store.ts'
import type { Schema } from '../sqlite/schema.ts'

const EXPIRED_MAX = 100

/** What an analysis has when nobody works on it. */
export const UNCLAIMED = {
  state: 'received',
  leaseOwner: null,
  leaseToken: null,
  leaseUntilMs: null,
  claimedAtMs: null,
} as const

/** What tells one run of an analysis from another. */
type Fence = Pick<ClaimedAnalysis, 'id' | 'leaseToken'>

/** An analysis that was claimed, by us or by somebody who is gone; then its versions are not known. */
type Held = Pick<
  ClaimedAnalysis,
  'id' | 'profileId' | 'leaseToken' | 'crashCount' | 'claimedAtMs'
> & {
  readonly versions: AnalysisVersions | null
}

/** False when the lease was lost to another. */
export async function updateFenced(
  trx: Transaction<Schema>,
  { id, leaseToken }: Fence,
  change: UpdateObject<Schema, 'analysis'>,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('analysis')
    .set(change)
    .where('id', '=', id)
    .where('leaseToken', '=', leaseToken)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Makes this analysis the profile's current one. */
export async function completeAnalysis(
  trx: Transaction<Schema>,
  { claim, result }: { readonly claim: ClaimedAnalysis; readonly result: AnalysisResult },
  nowMs: number,
): Promise<boolean> {
  const { columns, facts, reports, worstFinding, findingCount } = result
  await trx
    .insertInto('blob')
    .values({
      id: columns.key,
      sizeBytes: columns.sizeBytes,
      kind: 'columns',
      createdAtMs: nowMs,
    })
    .execute()
  const isHeld = await updateFenced(trx, claim, {
    ...UNCLAIMED,
    ...versionColumns(claim.versions),
    state: 'ready',
    crashCount: 0,
    columnsBlobId: columns.key,
    factsJson: JSON.stringify(facts),
    worstFindingJson: worstFinding === null ? null : JSON.stringify(worstFinding),
    findingCount,
    finishedAtMs: nowMs,
  })
  if (!isHeld) {
    await trx.deleteFrom('blob').where('id', '=', columns.key).execute()
    return false
  }
  await trx
    .insertInto('report')
    .values(
      Object.entries(reports).map(([language, report]) => ({
        analysisId: claim.id,
        language,
        reportJson: JSON.stringify(report),
      })),
    )
    .execute()
  await trx
    .updateTable('profile')
    .set({
      currentAnalysisId: claim.id,
      component: claim.source.component ?? facts.component,
      type: claim.source.type ?? facts.type,
      takenAtMs: claim.source.takenAtMs ?? facts.takenAtMs,
    })
    .where('id', '=', claim.profileId)
    .execute()
  return true
}

interface Verdict {
  readonly claim: Held
  readonly state: 'failed' | 'quarantined'
  readonly failure: ProfileFailure
}

/** Ends the analysis. It becomes the profile's current one unless that would hide a good one. */
export async function finishAnalysis(
  trx: Transaction<Schema>,
  { claim, state, failure }: Verdict,
  nowMs: number,
): Promise<boolean> {
  const isHeld = await updateFenced(trx, claim, {
    ...UNCLAIMED,
    ...(claim.versions === null ? {} : versionColumns(claim.versions)),
    state,
    failureJson: JSON.stringify(failure),
    finishedAtMs: nowMs,
  })
  if (!isHeld) return false
  await trx
    .updateTable('profile')
    .set({ currentAnalysisId: claim.id })
    .where('id', '=', claim.profileId)
    .where('currentAnalysisId', 'not in', (query) =>
      query
        .selectFrom('analysis')
        .select('analysis.id')
        .where('analysis.profileId', '=', claim.profileId)
        .where('analysis.state', '=', 'ready'),
    )
    .execute()
  return true
}

interface Crash {
  readonly claim: Held
  readonly failure: ProfileFailure
  readonly rules: CrashRules
}

/** The claim has counted the crash already. */
export async function crashAnalysis(
  trx: Transaction<Schema>,
  { claim, failure, rules }: Crash,
  nowMs: number,
): Promise<boolean> {
  if (claim.crashCount >= rules.crashCountMax) {
    return finishAnalysis(trx, { claim, state: 'quarantined', failure }, nowMs)
  }
  const backoffMs = rules.backoffMs[claim.crashCount - 1] ?? rules.backoffMs.at(-1) ?? 0
  return updateFenced(trx, claim, {
    ...UNCLAIMED,
    notBeforeMs: Math.max(nowMs, claim.claimedAtMs + backoffMs),
  })
}

const HOST_GONE: ProfileFailure = {
  code: 'PROFILE_QUARANTINED',
  message: 'The worker was gone each time this profile was read.',
  reason: 'crash',
  offsetBytes: null,
}

/** Counts those as crashed whose worker is gone. */
export async function expireLeases(
  trx: Transaction<Schema>,
  { beforeMs, rules }: { readonly beforeMs: number; readonly rules: CrashRules },
  nowMs: number,
): Promise<number> {
  const expired = await trx
    .selectFrom('analysis')
    .select(['id', 'profileId', 'leaseToken', 'crashCount', 'claimedAtMs'])
    .where('state', '=', 'analysing')
    .where('leaseUntilMs', '<', beforeMs)
    .limit(EXPIRED_MAX)
    .execute()
  for (const { leaseToken, claimedAtMs, ...row } of expired) {
    const claim = {
      ...row,
      leaseToken: leaseToken ?? '',
      claimedAtMs: claimedAtMs ?? nowMs,
      versions: null,
    }
    await crashAnalysis(trx, { claim, failure: HOST_GONE, rules }, nowMs)
  }
  return expired.length
}

function versionColumns({ decoder, ruleSet }: AnalysisVersions) {
  return { decoderVersion: decoder, ruleSetVersion: ruleSet }
}
