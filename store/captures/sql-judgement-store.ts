import { type Kysely, type Selectable, type Transaction } from 'kysely'
import { type Batch, together } from '../database/together.ts'
import { isLookedAt, lookAt, type LookedAt } from '../database/look.ts'
import type { AnalysisVersions } from '../jobs/job-store.ts'
import { heldJob, sqlJobStore } from '../jobs/sql-job-store.ts'
import { addressOfCapture } from './address-of-capture.ts'
import { filesOf } from './capture-rows.ts'
import { subjectIdOf } from '../findings/finding-subject.ts'
import { readBaseline } from '../findings/read-baseline.ts'
import { earlierCaptures } from './earlier-captures.ts'
import { JUDGEMENT_ENDINGS, JUDGEMENTS, UNCLAIMED } from './judgement-endings.ts'
import type { ClaimedJudgement, JudgementClaimRequest, JudgementStore } from './judgement-store.ts'
import type { Schema } from '../schema/schema.ts'
import { namesProcess } from './near-captures.ts'
import { takeTimesOfProfiles } from './upload-times.ts'
import type { SqlStoreOptions } from '../database/sql-store-options.ts'

export function sqlJudgementStore(options: SqlStoreOptions): JudgementStore {
  const { db, write, now } = options
  return {
    ...sqlJobStore(options, JUDGEMENTS, JUDGEMENT_ENDINGS),
    async claimNext(request) {
      // Looking takes no lock, and mostly there is nothing to do.
      if ((await dueQuery(db, now()).executeTakeFirst()) === undefined) return null
      return write((trx) => claimDue(trx, { request }, now()), 'repeatable read')
    },
    claim: (captureId, request) =>
      write((trx) => claimDue(trx, { captureId, request }, now()), 'repeatable read'),
    addForVersions: (versions, look) =>
      lookAt(db, 'captureJudgement', look, {
        find: (rows) => outdatedQuery(db, { versions, rows }).limit(1).execute(),
        change: (rows) => write((trx) => judgeAgain(trx, { versions, rows }, now())),
      }),
  }
}

interface Outdated {
  readonly versions: AnalysisVersions
  readonly rows: LookedAt
}

/** Of these captures those judged by other versions. Other rules cannot make unreadable bytes readable. */
export function outdatedQuery(db: Kysely<Schema>, { versions, rows }: Outdated) {
  return db
    .selectFrom('captureJudgement')
    .select('captureId')
    .where(isLookedAt('captureJudgement', rows))
    .where('state', 'not in', ['waiting', 'judging'])
    .where((where) =>
      where.or([
        where('decoderVersion', '!=', versions.decoder),
        where.and([where('state', '=', 'ready'), where('ruleSetVersion', '!=', versions.ruleSet)]),
      ]),
    )
}

async function judgeAgain(
  trx: Transaction<Schema>,
  wanted: Outdated,
  nowMs: number,
): Promise<number> {
  const outdated = await outdatedQuery(trx, wanted).execute()
  const ids = outdated.map(({ captureId }) => captureId)
  if (ids.length === 0) return 0
  await trx
    .updateTable('captureJudgement')
    .set({ ...UNCLAIMED, crashCount: 0, retryCount: 0, notBeforeMs: nowMs })
    .where('captureId', 'in', ids)
    .execute()
  return ids.length
}

/** The longest-due capture whose profiles have all been read or quarantined. */
export function dueQuery(db: Kysely<Schema>, nowMs: number) {
  return db
    .selectFrom('captureJudgement')
    .innerJoin('capture', 'capture.id', 'captureJudgement.captureId')
    .select('captureJudgement.captureId')
    .where('captureJudgement.state', '=', 'waiting')
    .where('captureJudgement.notBeforeMs', '<=', nowMs)
    .where('capture.deletedAtMs', 'is', null)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('profile')
            .innerJoin('analysis', 'analysis.profileId', 'profile.id')
            .select('profile.id')
            .whereRef('profile.captureId', '=', 'capture.id')
            .where('profile.deletedAtMs', 'is', null)
            // Else SQLite begins with all that wait, for each capture.
            .where('analysis.state', 'not in', ['ready', 'failed', 'quarantined']),
        ),
      ),
    )
    .orderBy('captureJudgement.notBeforeMs')
    .limit(1)
}

interface Wanted {
  readonly captureId?: string
  readonly request: JudgementClaimRequest
}

async function claimDue(
  trx: Transaction<Schema>,
  { captureId, request }: Wanted,
  nowMs: number,
): Promise<ClaimedJudgement | null> {
  const query = dueQuery(trx, nowMs).forUpdate('captureJudgement').skipLocked()
  const found = captureId === undefined ? query : query.where('capture.id', '=', captureId)
  const held = heldJob(request.leaseMs, nowMs)
  const claimed = await trx
    .updateTable('captureJudgement')
    .set({ ...held.change, state: 'judging' })
    .where('captureId', '=', found)
    .returning(['captureId as id', 'crashCount', 'retryCount'])
    .executeTakeFirst()
  if (claimed === undefined) return null
  const claim = { ...claimed, ...held.fence, versions: request.versions }
  await takeTimesOfProfiles(trx, claim.id)
  const capture = await trx
    .selectFrom('capture')
    .selectAll()
    .where('id', '=', claim.id)
    .executeTakeFirstOrThrow()
  return {
    ...claim,
    component: capture.component,
    address: await addressOfCapture(trx, capture),
    files: (await filesOf(trx, [claim.id])).get(claim.id) ?? [],
    earlier: await earlierCaptures(trx, capture),
    baseline: await together(trx, (batch) => baselineOf(batch, capture)),
  }
}

async function baselineOf(batch: Batch, capture: Selectable<Schema['capture']>) {
  const { id, startedAtMs, createdAtMs } = capture
  if (!namesProcess(capture)) return null
  const subjectId = subjectIdOf(capture)
  return readBaseline(batch, { subjectId, id, atMs: startedAtMs ?? createdAtMs })
}
