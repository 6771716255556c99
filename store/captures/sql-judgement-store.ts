import { randomUUID } from 'node:crypto'
import { sql, type Kysely, type Transaction, type UpdateObject } from 'kysely'
import { ERRORS } from '../../api/index.ts'
import type { CrashRules } from '../profiles/analysis-store.ts'
import type { CaptureFailure } from './capture-store.ts'
import { filesOf } from './capture-rows.ts'
import { earlierCaptures } from './earlier-captures.ts'
import type {
  ClaimedJudgement,
  JudgementClaimRequest,
  JudgementResult,
  JudgementStore,
} from './judgement-store.ts'
import type { Schema } from '../sqlite/schema.ts'
import type { SqlStoreOptions } from '../sqlite/sql-store-options.ts'

const EXPIRED_MAX = 100
const UNCLAIMED = { state: 'waiting', leaseToken: null, leaseUntilMs: null } as const

export function sqlJudgementStore({ db, write, now }: SqlStoreOptions): JudgementStore {
  return {
    async claimNext(request) {
      // Looking takes no lock, and mostly there is nothing to do.
      if ((await due(db, now()).executeTakeFirst()) === undefined) return null
      return write((trx) => claimDue(trx, { request }, now()))
    },
    claim: (captureId, request) => write((trx) => claimDue(trx, { captureId, request }, now())),
    renew: (claim, leaseMs) =>
      write((trx) => updateFenced(trx, claim, { leaseUntilMs: now() + leaseMs })),
    complete: (claim, result) => write((trx) => complete(trx, { claim, result }, now())),
    fail: (claim, failure) => write((trx) => fail(trx, claim, failure)),
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
      write((trx) => crash(trx, { claim, failure, rules }, now())),
    expireLeases: (beforeMs, rules) =>
      write((trx) => expireLeases(trx, { beforeMs, rules }, now())),
    addForVersions: (versions, limit) =>
      write(async (trx) => {
        const outdated = await trx
          .selectFrom('captureJudgement')
          .select('captureId')
          .where('state', 'in', ['ready', 'failed'])
          .where((where) =>
            where.or([
              where('decoderVersion', '!=', versions.decoder),
              // Other rules cannot make unreadable bytes readable.
              where.and([
                where('state', '=', 'ready'),
                where('ruleSetVersion', '!=', versions.ruleSet),
              ]),
            ]),
          )
          .limit(limit)
          .execute()
        const ids = outdated.map(({ captureId }) => captureId)
        if (ids.length === 0) return 0
        await trx
          .updateTable('captureJudgement')
          .set({ ...UNCLAIMED, crashCount: 0, retryCount: 0, notBeforeMs: now() })
          .where('captureId', 'in', ids)
          .execute()
        return ids.length
      }),
  }
}

/** The capture that has been due longest: one whose profiles have all been read, or set aside. */
function due(db: Kysely<Schema>, nowMs: number) {
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
            .where('analysis.state', 'in', ['received', 'analysing']),
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
  const query = due(trx, nowMs)
  const found = captureId === undefined ? query : query.where('capture.id', '=', captureId)
  const leaseToken = randomUUID()
  const claimed = await trx
    .updateTable('captureJudgement')
    .set((update) => ({
      state: 'judging',
      crashCount: update('crashCount', '+', 1),
      leaseToken,
      leaseUntilMs: nowMs + request.leaseMs,
    }))
    .where('captureId', '=', found)
    .returning(['captureId', 'crashCount', 'retryCount'])
    .executeTakeFirst()
  if (claimed === undefined) return null
  const capture = await trx
    .selectFrom('capture')
    .selectAll()
    .where('id', '=', claimed.captureId)
    .executeTakeFirstOrThrow()
  return {
    ...claimed,
    leaseToken,
    claimedAtMs: nowMs,
    component: capture.component,
    files: (await filesOf(trx, [claimed.captureId])).get(claimed.captureId) ?? [],
    earlier: await earlierCaptures(trx, capture),
    versions: request.versions,
  }
}

type Fence = Pick<ClaimedJudgement, 'captureId' | 'leaseToken'>

async function updateFenced(
  trx: Transaction<Schema>,
  { captureId, leaseToken }: Fence,
  change: UpdateObject<Schema, 'captureJudgement'>,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('captureJudgement')
    .set(change)
    .where('captureId', '=', captureId)
    .where('leaseToken', '=', leaseToken)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

interface Completion {
  readonly claim: ClaimedJudgement
  readonly result: JudgementResult
}

async function complete(
  trx: Transaction<Schema>,
  { claim, result }: Completion,
  nowMs: number,
): Promise<boolean> {
  const { captureId, versions } = claim
  const isHeld = await updateFenced(trx, claim, {
    ...UNCLAIMED,
    state: 'ready',
    decoderVersion: versions.decoder,
    ruleSetVersion: versions.ruleSet,
    crashCount: 0,
    failureJson: null,
    judgedAtMs: nowMs,
  })
  if (!isHeld) return false
  await trx.deleteFrom('captureReport').where('captureId', '=', captureId).execute()
  const reports = Object.entries(result.reports).map(([language, report]) => ({
    captureId,
    language,
    reportJson: JSON.stringify(report),
  }))
  await trx.insertInto('captureReport').values(reports).execute()
  const { worstFinding, findingCount, processStartedAtMs, previousCaptureId } = result
  await trx
    .updateTable('capture')
    .set({
      component: keepOr('component', result.component),
      kubernetesVersion: keepOr('kubernetesVersion', result.kubernetesVersion),
      goVersion: keepOr('goVersion', result.goVersion),
      worstFindingJson: worstFinding === null ? null : JSON.stringify(worstFinding),
      findingCount,
      processStartedAtMs,
      previousCaptureId,
    })
    .where('id', '=', captureId)
    .execute()
  return true
}

/** What was said of a capture stands before what was read from it. */
function keepOr(column: string, value: string | null) {
  return sql<string | null>`coalesce(${sql.ref(column)}, ${value})`
}

/** A report of before stays in sight. */
async function fail(
  trx: Transaction<Schema>,
  claim: Fence & { readonly versions: ClaimedJudgement['versions'] | null },
  failure: CaptureFailure,
): Promise<boolean> {
  const { versions } = claim
  return updateFenced(trx, claim, {
    ...UNCLAIMED,
    ...(versions === null
      ? {}
      : { decoderVersion: versions.decoder, ruleSetVersion: versions.ruleSet }),
    state: 'failed',
    failureJson: JSON.stringify(failure),
  })
}

interface Crash {
  readonly claim: Fence &
    Pick<ClaimedJudgement, 'crashCount' | 'claimedAtMs'> & {
      readonly versions: ClaimedJudgement['versions'] | null
    }
  readonly failure: CaptureFailure
  readonly rules: CrashRules
}

/** The claim has counted the crash already. */
async function crash(
  trx: Transaction<Schema>,
  { claim, failure, rules }: Crash,
  nowMs: number,
): Promise<boolean> {
  if (claim.crashCount >= rules.crashCountMax) return fail(trx, claim, failure)
  const backoffMs = rules.backoffMs[claim.crashCount - 1] ?? rules.backoffMs.at(-1) ?? 0
  return updateFenced(trx, claim, {
    ...UNCLAIMED,
    notBeforeMs: Math.max(nowMs, claim.claimedAtMs + backoffMs),
  })
}

const HOST_GONE: CaptureFailure = {
  code: 'CAPTURE_FAILED',
  message: `${ERRORS.CAPTURE_FAILED.say} The worker was gone each time it was tried.`,
}

async function expireLeases(
  trx: Transaction<Schema>,
  { beforeMs, rules }: { readonly beforeMs: number; readonly rules: CrashRules },
  nowMs: number,
): Promise<number> {
  const expired = await trx
    .selectFrom('captureJudgement')
    .select(['captureId', 'leaseToken', 'crashCount'])
    .where('state', '=', 'judging')
    .where('leaseUntilMs', '<', beforeMs)
    .limit(EXPIRED_MAX)
    .execute()
  for (const { captureId, leaseToken, crashCount } of expired) {
    const fence = { captureId, leaseToken: leaseToken ?? '', crashCount }
    const claim = { ...fence, claimedAtMs: nowMs, versions: null }
    await crash(trx, { claim, failure: HOST_GONE, rules }, nowMs)
  }
  return expired.length
}
