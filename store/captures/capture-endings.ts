import type { Transaction } from 'kysely'
import { ERRORS, type CapturePart } from '../../api/index.ts'
import { updateHeldCapture } from './capture-fence.ts'
import type {
  CaptureChange,
  CaptureEnding,
  CaptureFailure,
  ClaimedCapture,
} from './capture-store.ts'
import type { Schema } from '../schema/schema.ts'

const EXPIRED_MAX = 100

/** The columns of a capture that no collector holds. */
export const UNTAKEN = { leaseOwner: null, leaseToken: null, leaseUntilMs: null } as const

/** The columns that a collector reports while it takes a capture. */
export function changedColumns({ parts, ...change }: CaptureChange) {
  return parts === undefined ? change : { ...change, partsJson: JSON.stringify(parts) }
}

export async function finishCapture(
  trx: Transaction<Schema>,
  { claim, ending }: { readonly claim: ClaimedCapture; readonly ending: CaptureEnding },
  nowMs: number,
): Promise<boolean> {
  const { status, error, ...change } = ending
  const isHeld = await updateHeldCapture(trx, claim, {
    ...changedColumns(change),
    ...UNTAKEN,
    status,
    errorJson: error === null ? null : JSON.stringify(error),
    finishedAtMs: nowMs,
  })
  if (isHeld) await enqueueJudgement(trx, claim.id, nowMs)
  return isHeld
}

/** Enqueues the judgement of a finished capture that has profiles. */
export async function enqueueJudgement(
  trx: Transaction<Schema>,
  captureId: string,
  nowMs: number,
): Promise<void> {
  if (!(await hasProfile(trx, captureId))) return
  await trx
    .insertInto('captureJudgement')
    .values({
      captureId,
      state: 'waiting',
      decoderVersion: null,
      ruleSetVersion: null,
      crashCount: 0,
      retryCount: 0,
      notBeforeMs: nowMs,
      leaseToken: null,
      leaseUntilMs: null,
      failureJson: null,
      judgedAtMs: null,
    })
    .execute()
}

async function hasProfile(trx: Transaction<Schema>, captureId: string): Promise<boolean> {
  const row = await trx
    .selectFrom('captureFile')
    .select('name')
    .where('captureId', '=', captureId)
    .where('profileId', 'is not', null)
    .executeTakeFirst()
  return row !== undefined
}

const GONE: CaptureFailure = {
  code: 'COLLECTOR_GONE',
  message: ERRORS.COLLECTOR_GONE.say,
}

/** Ends the captures whose collector is gone: `partial` with what was taken, else `failed`. */
export async function expireCaptures(
  trx: Transaction<Schema>,
  beforeMs: number,
  nowMs: number,
): Promise<number> {
  const expired = await trx
    .selectFrom('capture')
    .select(['id', 'leaseToken', 'partsJson', 'cancelAskedAtMs'])
    .where('status', '=', 'running')
    .where('leaseUntilMs', '<', beforeMs)
    .limit(EXPIRED_MAX)
    .execute()
  for (const { id, leaseToken, partsJson, cancelAskedAtMs } of expired) {
    const claim = { id, leaseToken: leaseToken ?? '' }
    const taken = (await hasProfile(trx, id)) ? 'partial' : 'failed'
    const parts: readonly CapturePart[] = JSON.parse(partsJson)
    const ending: CaptureEnding = {
      status: cancelAskedAtMs === null ? taken : 'cancelled',
      error: GONE,
      parts: parts.map(abandoned),
    }
    await finishCapture(trx, { claim, ending }, nowMs)
  }
  return expired.length
}

function abandoned(part: CapturePart): CapturePart {
  if (part.state === 'taking') return { ...part, state: 'failed', error: GONE }
  return part.state === 'waiting' ? { ...part, state: 'skipped' } : part
}
