import type { Kysely, Selectable, Transaction } from 'kysely'
import { DEFAULT_SPACE } from '../../api/index.ts'
import { type Batch, together } from '../database/together.ts'
import {
  enterFindings,
  type FollowedBefore,
  type JudgedThing,
  readFollowed,
} from '../findings/enter-findings.ts'
import {
  heldJobUpdate,
  type HeldJob,
  type JobEndings,
  type JobRows,
  updateHeldJob,
  versionColumns,
} from '../jobs/sql-job-store.ts'
import type { AnalysisResult, ClaimedAnalysis } from './analysis-store.ts'
import { isFollowed, subjectOf } from './finding-subject-of-profile.ts'
import { enterHistory, findHistoryPlace, type HistoryPlace, takenAtMsOf } from './enter-history.ts'
import type { FindingSubject } from '../findings/finding-subject.ts'
import type { ProfileFacts, ProfileFailure, ProfileSource } from './profile-store.ts'
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
function completeAnalysis(
  trx: Transaction<Schema>,
  claim: ClaimedAnalysis,
  result: AnalysisResult,
  nowMs: number,
): Promise<boolean> {
  return together(trx, async (batch) => {
    const { db, send } = batch
    const { isHeld, profile, ...before } = await hold(batch, claim, result, nowMs)
    if (!isHeld) {
      if (result.columns !== null) {
        send(db.deleteFrom('blob').where('id', '=', result.columns.key))
      }
      return false
    }
    if (profile === undefined) throw new Error(`no profile for the analysis ${claim.id}`)
    await enterResult(batch, { claim, result, profile, ...before }, nowMs)
    return true
  })
}

/** Ends the analysis unless its lease was lost, and reads what its result is entered into. */
async function hold(
  batch: Batch,
  claim: ClaimedAnalysis,
  { columns, facts, worstFinding, findingCount }: AnalysisResult,
  nowMs: number,
) {
  const { db, run, send } = batch
  const { profileId, source, captureId, versions } = claim
  if (columns !== null) send(db.insertInto('blob').values(newBlobRow(columns, 'columns', nowMs)))
  const change = {
    ...UNCLAIMED,
    ...versionColumns(versions),
    state: 'ready',
    crashCount: 0,
    columnsBlobId: columns?.key ?? null,
    factsJson: JSON.stringify(facts),
    worstFindingJson: worstFinding === null ? null : JSON.stringify(worstFinding),
    findingCount,
    finishedAtMs: nowMs,
  } as const
  const { space = DEFAULT_SPACE } = source
  const [held, [profile], [capture], place, followed] = await Promise.all([
    run(heldJobUpdate(db, ANALYSES, { fence: claim, change }).returning('leaseToken')),
    run(
      db
        .selectFrom('profile')
        .select(['receivedAtMs', 'deletedAtMs', 'currentAnalysisId'])
        .where('id', '=', profileId),
    ),
    captureId === null
      ? []
      : run(db.selectFrom('capture').select('startedAtMs').where('id', '=', captureId)),
    findHistoryPlace(batch, { space, source, facts }),
    // The findings of a profile of a capture are followed with its capture; those of an unknown process not at all.
    captureId === null && isFollowed(source)
      ? readFollowed(batch, { id: profileId, subject: judgedSubject(source, facts) })
      : null,
  ])
  const captureStartedAtMs = capture?.startedAtMs ?? null
  return { isHeld: held.length > 0, profile, captureStartedAtMs, place, followed }
}

interface Entering {
  readonly claim: ClaimedAnalysis
  readonly result: AnalysisResult
  readonly profile: Pick<
    Selectable<Schema['profile']>,
    'receivedAtMs' | 'deletedAtMs' | 'currentAnalysisId'
  >
  /** Null without a capture. */
  readonly captureStartedAtMs: number | null
  readonly place: HistoryPlace | null
  /** Null where findings are not followed. */
  readonly followed: FollowedBefore | null
}

async function enterResult(
  batch: Batch,
  { claim, result, profile, captureStartedAtMs, place, followed }: Entering,
  nowMs: number,
): Promise<void> {
  const { db, send } = batch
  const { profileId, source, versions } = claim
  const { facts, seen, measured } = result
  const takenAtMs = takenAtMsOf({ source, facts, captureStartedAtMs })
  const change = {
    currentAnalysisId: claim.id,
    failedState: null,
    component: source.component ?? facts.component,
    type: source.type ?? facts.type,
    takenAtMs,
  }
  send(db.updateTable('profile').set(change).where('id', '=', profileId))
  const reports = Object.entries(result.reports).map(([language, reportJson]) => ({
    analysisId: claim.id,
    language,
    reportJson,
  }))
  send(db.insertInto('report').values(reports))
  const { receivedAtMs, deletedAtMs, currentAnalysisId } = profile
  if (currentAnalysisId !== claim.id) {
    send(supersede(db, profileId, nowMs).where('id', '<', claim.id))
  }
  if (deletedAtMs !== null) return
  const own = { profileId, source, facts, receivedAtMs, captureStartedAtMs }
  const entering = { ...own, decoderVersion: versions.decoder }
  const judged: JudgedThing = {
    id: profileId,
    kind: 'profile',
    atMs: takenAtMs ?? receivedAtMs,
    subject: judgedSubject(source, facts),
    seen,
    measured,
  }
  await Promise.all([
    place === null ? null : enterHistory(batch, place, entering, nowMs),
    followed === null ? null : enterFindings(batch, judged, followed),
  ])
}

function judgedSubject(
  source: ProfileSource,
  facts: Pick<ProfileFacts, 'component'>,
): FindingSubject {
  const subject = subjectOf(source)
  return { ...subject, component: subject.component ?? facts.component }
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
  const { numUpdatedRows } = await trx
    .updateTable('profile')
    .set({ currentAnalysisId: job.id, failedState: state })
    .where('id', '=', profileId)
    .where('currentAnalysisId', 'not in', (query) =>
      query
        .selectFrom('analysis')
        .select('analysis.id')
        .where('analysis.profileId', '=', profileId)
        .where('analysis.state', '=', 'ready'),
    )
    .executeTakeFirst()
  if (numUpdatedRows === 0n) {
    await supersede(trx, profileId, nowMs)
      .where('id', '=', job.id)
      .where('id', '<', (query) =>
        query.selectFrom('profile').select('currentAnalysisId').where('profile.id', '=', profileId),
      )
      .execute()
  }
  return true
}

/** Marks analyses of a profile that have ended, so that a sweep finds those that another one has replaced. */
function supersede(db: Kysely<Schema>, profileId: string, nowMs: number) {
  return db
    .updateTable('analysis')
    .set({ supersededAtMs: nowMs })
    .where('profileId', '=', profileId)
    .where('state', 'in', ['ready', 'failed', 'quarantined'])
    .where('supersededAtMs', 'is', null)
}
