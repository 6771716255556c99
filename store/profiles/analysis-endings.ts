import type { Transaction } from 'kysely'
import { together } from '../database/together.ts'
import { enterFindings } from '../findings/enter-findings.ts'
import {
  type HeldJob,
  type JobEndings,
  type JobRows,
  updateHeldJob,
  versionColumns,
} from '../jobs/sql-job-store.ts'
import type { AnalysisResult, ClaimedAnalysis } from './analysis-store.ts'
import { isFollowed, subjectOf } from './finding-subject-of-profile.ts'
import { enterHistory, takenAtMsOf } from './enter-history.ts'
import type { ProfileFailure } from './profile-store.ts'
import { newBlobRow } from '../schema/new-blob-row.ts'
import type { Schema } from '../schema/schema.ts'

/** The columns of an analysis that waits for a worker. */
export const UNCLAIMED = {
  state: 'received',
  leaseOwner: null,
  leaseToken: null,
  leaseUntilMs: null,
  claimedAtMs: null,
} as const

export const ANALYSES: JobRows = {
  table: 'analysis',
  key: 'id',
  heldState: 'analysing',
  backoffFrom: 'claimedAtMs',
  unclaimed: UNCLAIMED,
}

export const ANALYSIS_ENDINGS: JobEndings<ClaimedAnalysis, AnalysisResult, ProfileFailure> = {
  complete: completeAnalysis,
  fail: (trx, job, failure, nowMs) => endAnalysis(trx, { job, state: 'failed', failure }, nowMs),
  giveUp: (trx, job, failure, nowMs) =>
    endAnalysis(trx, { job, state: 'quarantined', failure }, nowMs),
  workersGone: {
    code: 'PROFILE_QUARANTINED',
    message: 'The worker was gone each time this profile was read.',
    reason: 'crash',
    offsetBytes: null,
  },
}

/** Makes this analysis the profile's current one. */
async function completeAnalysis(
  trx: Transaction<Schema>,
  claim: ClaimedAnalysis,
  { columns, facts, reports, worstFinding, findingCount, ...judged }: AnalysisResult,
  nowMs: number,
): Promise<boolean> {
  await trx
    .insertInto('blob')
    .values(newBlobRow(columns, 'columns', nowMs))
    .execute()
  const isHeld = await updateHeldJob(trx, ANALYSES, claim, {
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
  const { profileId, source, versions } = claim
  const captureStartedAtMs = await startOfCapture(trx, claim.captureId)
  const takenAtMs = takenAtMsOf({ source, facts, captureStartedAtMs })
  const rows = Object.entries(reports).map(([language, reportJson]) => ({
    analysisId: claim.id,
    language,
    reportJson,
  }))
  const change = {
    currentAnalysisId: claim.id,
    component: source.component ?? facts.component,
    type: source.type ?? facts.type,
    takenAtMs,
  }
  const [[profile]] = await together(trx, (run) =>
    Promise.all([
      run(
        trx
          .updateTable('profile')
          .set(change)
          .where('id', '=', profileId)
          .returning(['space', 'receivedAtMs', 'deletedAtMs']),
      ),
      run(trx.insertInto('report').values(rows)),
    ]),
  )
  if (profile === undefined) throw new Error(`profile ${profileId} vanished within a transaction`)
  const { deletedAtMs, ...received } = profile
  if (deletedAtMs !== null) return true
  const decoderVersion = versions.decoder
  const entering = { profileId, source, facts, ...received, captureStartedAtMs, decoderVersion }
  await enterHistory(trx, entering, nowMs)
  if (claim.captureId === null) {
    const atMs = takenAtMs ?? received.receivedAtMs
    await enterLoneProfile(trx, claim, { facts, atMs, ...judged })
  }
  return true
}

/** Null without a capture. */
async function startOfCapture(
  trx: Transaction<Schema>,
  captureId: string | null,
): Promise<number | null> {
  if (captureId === null) return null
  const capture = await trx
    .selectFrom('capture')
    .select('startedAtMs')
    .where('id', '=', captureId)
    .executeTakeFirst()
  return capture?.startedAtMs ?? null
}

/** The findings of a profile of a capture are followed with its capture; those of an unknown process not at all. */
async function enterLoneProfile(
  trx: Transaction<Schema>,
  { profileId, source }: ClaimedAnalysis,
  {
    facts,
    ...judged
  }: Pick<AnalysisResult, 'facts' | 'seen' | 'measured'> & { readonly atMs: number },
): Promise<void> {
  if (!isFollowed(source)) return
  const subject = subjectOf(source)
  await enterFindings(trx, {
    id: profileId,
    kind: 'profile',
    subject: { ...subject, component: subject.component ?? facts.component },
    ...judged,
  })
}

interface Ending {
  readonly job: HeldJob
  readonly state: 'failed' | 'quarantined'
  readonly failure: ProfileFailure
}

/** Ends the analysis. It becomes the profile's current one unless it would replace a good one. */
async function endAnalysis(
  trx: Transaction<Schema>,
  { job, state, failure }: Ending,
  nowMs: number,
): Promise<boolean> {
  const isHeld = await updateHeldJob(trx, ANALYSES, job, {
    ...UNCLAIMED,
    ...versionColumns(job.versions),
    state,
    failureJson: JSON.stringify(failure),
    finishedAtMs: nowMs,
  })
  if (!isHeld) return false
  const { profileId } = await trx
    .selectFrom('analysis')
    .select('profileId')
    .where('id', '=', job.id)
    .executeTakeFirstOrThrow()
  await trx
    .updateTable('profile')
    .set({ currentAnalysisId: job.id })
    .where('id', '=', profileId)
    .where('currentAnalysisId', 'not in', (query) =>
      query
        .selectFrom('analysis')
        .select('analysis.id')
        .where('analysis.profileId', '=', profileId)
        .where('analysis.state', '=', 'ready'),
    )
    .execute()
  return true
}
