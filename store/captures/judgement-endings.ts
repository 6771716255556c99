import { sql, type Transaction } from 'kysely'
import { ERRORS } from '../../api/index.ts'
import { together } from '../database/together.ts'
import { enterFindings, type JudgedThing, readFollowed } from '../findings/enter-findings.ts'
import {
  type HeldJob,
  type JobEndings,
  type JobRows,
  updateHeldJob,
  versionColumns,
} from '../jobs/sql-job-store.ts'
import type { CaptureFailure } from './capture-store.ts'
import { namesProcess } from './near-captures.ts'
import type { ClaimedJudgement, JudgementResult } from './judgement-store.ts'
import type { Schema } from '../schema/schema.ts'

export const UNCLAIMED = { state: 'waiting', leaseToken: null, leaseUntilMs: null } as const

export const JUDGEMENTS: JobRows = {
  table: 'captureJudgement',
  key: 'captureId',
  heldState: 'judging',
  backoffFrom: 'leaseUntilMs',
  unclaimed: UNCLAIMED,
}

export const JUDGEMENT_ENDINGS: JobEndings<ClaimedJudgement, JudgementResult, CaptureFailure> = {
  complete: completeJudgement,
  fail: failJudgement,
  giveUp: failJudgement,
  workersGone: {
    code: 'CAPTURE_FAILED',
    message: `${ERRORS.CAPTURE_FAILED.say} The worker was gone each time it was tried.`,
  },
}

async function completeJudgement(
  trx: Transaction<Schema>,
  claim: ClaimedJudgement,
  result: JudgementResult,
  nowMs: number,
): Promise<boolean> {
  const captureId = claim.id
  const isHeld = await updateHeldJob(trx, JUDGEMENTS, claim, {
    ...UNCLAIMED,
    ...versionColumns(claim.versions),
    state: 'ready',
    crashCount: 0,
    failureJson: null,
    judgedAtMs: nowMs,
  })
  if (!isHeld) return false
  await trx.deleteFrom('captureReport').where('captureId', '=', captureId).execute()
  const reports = Object.entries(result.reports).map(([language, reportJson]) => ({
    captureId,
    language,
    reportJson,
  }))
  await trx.insertInto('captureReport').values(reports).execute()
  const { worstFinding, findingCount, processStartedAtMs, previousCaptureId, requests } = result
  await trx
    .updateTable('capture')
    .set({
      component: keepOr('component', result.component),
      kubernetesVersion: keepOr('kubernetesVersion', result.kubernetesVersion),
      goVersion: keepOr('goVersion', result.goVersion),
      worstFindingJson: worstFinding === null ? null : JSON.stringify(worstFinding),
      findingCount,
      processStartedAtMs,
      requestMetric: requests?.metric ?? null,
      requestCount: requests?.count ?? null,
      requestCountBefore: requests?.countBefore ?? null,
      previousCaptureId,
    })
    .where('id', '=', captureId)
    .execute()
  await enterCapture(trx, captureId, result)
  return true
}

/** A capture of an unknown process, or one that was deleted meanwhile, has no findings to follow. */
async function enterCapture(
  trx: Transaction<Schema>,
  captureId: string,
  { seen, measured }: JudgementResult,
): Promise<void> {
  const capture = await trx
    .selectFrom('capture')
    .selectAll()
    .where('id', '=', captureId)
    .where('deletedAtMs', 'is', null)
    .executeTakeFirst()
  if (capture === undefined) return
  const { space, cluster, component, target, instance, processKey } = capture
  if (!namesProcess(capture)) return
  const judged: JudgedThing = {
    id: captureId,
    kind: 'capture',
    atMs: capture.startedAtMs ?? capture.createdAtMs,
    subject: { space, cluster, component, target, instance, processKey },
    seen,
    measured,
  }
  await together(trx, async (batch) =>
    enterFindings(batch, judged, await readFollowed(batch, judged)),
  )
}

/** Declared facts of a capture take precedence over facts read from its profiles. */
function keepOr(column: string, value: string | null) {
  return sql<string | null>`coalesce(${sql.ref(column)}, ${value})`
}

/** An earlier report stays visible. */
function failJudgement(
  trx: Transaction<Schema>,
  job: HeldJob,
  failure: CaptureFailure,
): Promise<boolean> {
  return updateHeldJob(trx, JUDGEMENTS, job, {
    ...UNCLAIMED,
    ...versionColumns(job.versions),
    state: 'failed',
    failureJson: JSON.stringify(failure),
  })
}
