import { randomUUID } from 'node:crypto'
import type { Kysely, Transaction } from 'kysely'
import type { CapturePartKind, Language, Report } from '../../api/index.ts'
import { changedColumns, expireCaptures, finishCapture, UNTAKEN } from './capture-endings.ts'
import { isCaptureHeld, updateHeldCapture } from './capture-fence.ts'
import { filesOf, liveCaptures, toCaptures } from './capture-rows.ts'
import type {
  CaptureClaimRequest,
  CaptureStore,
  ClaimedCapture,
  MatchedCapture,
  NewCaptureFile,
  StoredCapture,
} from './capture-store.ts'
import type { Direction, Nearest } from '../near.ts'
import { unpackJson } from '../database/packed-json.ts'
import { insertCapture, insertCaptureFile } from './insert-capture.ts'
import { nearestCapture } from './nearest-captures.ts'
import { addTakenProfile } from './add-taken-profile.ts'
import { addUploadedCapture } from './add-uploaded-capture.ts'
import { removeForGood } from './remove-capture.ts'
import type { Schema } from '../schema/schema.ts'
import { countFacets } from '../database/list-filter.ts'
import { CAPTURES, listCaptures } from './list-captures.ts'
import type { SqlStoreOptions } from '../database/sql-store-options.ts'
import { setPinned } from '../profiles/set-pinned.ts'

const FACETS = ['target', 'cluster', 'component', 'status', 'level'] as const

export function sqlCaptureStore({ db, write, now }: SqlStoreOptions): CaptureStore {
  return {
    create: (captures) =>
      write(async (trx) => {
        const created: StoredCapture[] = []
        for (const capture of captures) {
          const id = await insertCapture(trx, capture, now())
          created.push(await foundCapture(trx, id))
        }
        return created
      }),
    addUploaded: (upload) =>
      write(async (trx) => {
        const { id, analysisIds, isDuplicate } = await addUploadedCapture(trx, upload, now())
        return { capture: await foundCapture(trx, id), analysisIds, isDuplicate }
      }, 'repeatable read'),
    find: (id) => findCapture(db, id),
    nearest: (id, kind) => findNearest(db, id, kind),
    list: (filter, page) => listCaptures(db, filter, page),
    facets: (filter) => countFacets(db, CAPTURES, { names: FACETS, filter }),
    async listWaiting(limit) {
      const rows = await liveCaptures(db)
        .where('capture.status', '=', 'waiting')
        .orderBy('capture.id')
        .limit(limit)
        .execute()
      return toCaptures(db, rows)
    },
    claim: (id, request) => write((trx) => claimCapture(trx, { id, request }, now())),
    renew: (claim, leaseMs) =>
      write((trx) => renewCapture(trx, claim, now() + leaseMs), 'repeatable read'),
    update: (claim, change) =>
      write((trx) => updateHeldCapture(trx, claim, changedColumns(change)), 'repeatable read'),
    addProfile: (place, profile) =>
      write((trx) => addTakenProfile(trx, place, profile), 'repeatable read'),
    addFile: (claim, file) =>
      write((trx) => addFile(trx, { claim, file }, now()), 'repeatable read'),
    finish: (claim, ending) => write((trx) => finishCapture(trx, { claim, ending }, now())),
    release: (claim) =>
      write((trx) =>
        updateHeldCapture(trx, claim, { ...UNTAKEN, status: 'waiting', startedAtMs: null }),
      ),
    cancel: (id) => write((trx) => cancelCapture(trx, id, now())),
    expireLeases: (beforeMs) => write((trx) => expireCaptures(trx, beforeMs, now())),
    listFiles: async (id) => (await filesOf(db, [id])).get(id) ?? [],
    findReport: (id, language) => findReport(db, id, language),
    setPinned: (id, isPinned) =>
      write((trx) => setPinned(trx, { table: 'capture', id, pinnedAtMs: isPinned ? now() : null })),
    remove: (id) => write((trx) => removeForGood(trx, id, now())),
  }
}

async function foundCapture(db: Kysely<Schema>, id: string): Promise<StoredCapture> {
  const capture = await findCapture(db, id)
  if (capture === null) throw new Error(`capture ${id} vanished within a transaction`)
  return capture
}

async function findCapture(db: Kysely<Schema>, id: string): Promise<StoredCapture | null> {
  const rows = await liveCaptures(db).where('capture.id', '=', id).execute()
  return (await toCaptures(db, rows))[0] ?? null
}

async function findNearest(
  db: Kysely<Schema>,
  id: string,
  kind?: CapturePartKind,
): Promise<Nearest<MatchedCapture>> {
  const row = await db
    .selectFrom('capture')
    .selectAll()
    .where('id', '=', id)
    .where('deletedAtMs', 'is', null)
    .executeTakeFirst()
  if (row === undefined) return { before: null, after: null }
  const find = async (direction: Direction) => {
    const near = await nearestCapture(db, { capture: row, kind, direction })
    const capture = near === null ? null : await findCapture(db, near.id)
    return near === null || capture === null ? null : { match: near.match, capture }
  }
  return { before: await find('before'), after: await find('after') }
}

interface Claim {
  readonly id: string
  readonly request: CaptureClaimRequest
}

/** Claims a waiting capture; `null` when it is no longer waiting. */
export async function claimCapture(
  trx: Transaction<Schema>,
  { id, request: { owner, leaseMs } }: Claim,
  nowMs: number,
): Promise<ClaimedCapture | null> {
  const leaseToken = randomUUID()
  const claimed = await trx
    .updateTable('capture')
    .set({
      status: 'running',
      startedAtMs: nowMs,
      leaseOwner: owner,
      leaseToken,
      leaseUntilMs: nowMs + leaseMs,
    })
    .where('id', '=', id)
    .where('status', '=', 'waiting')
    .where('deletedAtMs', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return claimed === undefined ? null : { id, leaseToken }
}

async function renewCapture(
  trx: Transaction<Schema>,
  { id, leaseToken }: ClaimedCapture,
  leaseUntilMs: number,
): Promise<'held' | 'cancelled' | 'lost'> {
  const row = await trx
    .updateTable('capture')
    .set({ leaseUntilMs })
    .where('id', '=', id)
    .where('leaseToken', '=', leaseToken)
    .returning('cancelAskedAtMs')
    .executeTakeFirst()
  if (row === undefined) return 'lost'
  return row.cancelAskedAtMs === null ? 'held' : 'cancelled'
}

async function addFile(
  trx: Transaction<Schema>,
  { claim, file }: { readonly claim: ClaimedCapture; readonly file: NewCaptureFile },
  nowMs: number,
): Promise<boolean> {
  if (!(await isCaptureHeld(trx, claim))) return false
  await insertCaptureFile(trx, claim.id, { ...file, profileId: null }, nowMs)
  return true
}

async function cancelCapture(
  trx: Transaction<Schema>,
  id: string,
  nowMs: number,
): Promise<'cancelled' | 'asked' | 'finished' | null> {
  const capture = await trx
    .selectFrom('capture')
    .select(['status', 'cancelAskedAtMs'])
    .where('id', '=', id)
    .where('deletedAtMs', 'is', null)
    .executeTakeFirst()
  if (capture === undefined) return null
  const { status } = capture
  if (status !== 'waiting' && status !== 'running') return 'finished'
  const cancelAskedAtMs = capture.cancelAskedAtMs ?? nowMs
  const ending = status === 'waiting' ? ({ status: 'cancelled', finishedAtMs: nowMs } as const) : {}
  await trx
    .updateTable('capture')
    .set({ ...ending, cancelAskedAtMs })
    .where('id', '=', id)
    .execute()
  return status === 'waiting' ? 'cancelled' : 'asked'
}

async function findReport(
  db: Kysely<Schema>,
  id: string,
  language: Language,
): Promise<Report | null> {
  const row = await db
    .selectFrom('captureReport')
    .innerJoin('capture', 'capture.id', 'captureReport.captureId')
    .select('captureReport.reportJson')
    .where('capture.id', '=', id)
    .where('capture.deletedAtMs', 'is', null)
    .where('captureReport.language', '=', language)
    .executeTakeFirst()
  return row === undefined ? null : unpackJson(row.reportJson)
}
