import { randomUUID } from 'node:crypto'
import type { BlobIdentity, BlobKey, BlobStore } from '../blobs/blob-store.ts'
import { copyMarks } from './copy-marks.ts'
import { COMPARED_REASONS, type DeletionStop, type FoundReason } from './deletion-stop.ts'
import type { Installation } from './installation.ts'
import {
  type InstallationNeeds,
  NAME,
  newestRowAtMs,
  putAtMs,
  readRow,
  type Row,
  setStop,
  stopOf,
  update,
} from './installation-row.ts'

/** An upload takes at most ten minutes: a younger blob may be about to get its row. */
const UPLOAD_MS_MAX = 15 * 60_000
/** A crash leaves this many blobs without rows at most, mostly: those of the uploads under way. */
const CRASHED_MAX = 16
/** Blobs without rows beyond this many and this share of all are no crash: rows are missing. */
const ORPHANS_MIN = 20
const ORPHAN_SHARE_MAX = 0.05
const KEYS_MAX = 500

export interface OpenedInstallation extends Installation {
  /** Raises the mark, so that a copy of the database made before is known as older. Never throws. */
  close(): Promise<void>
}

/** Gives a new database its id, and the blobs the same one when they can only be of this database. */
export async function openInstallation(needs: InstallationNeeds): Promise<OpenedInstallation> {
  const { db, now, blobs } = needs
  await agree(needs)
  let hasLooked = false

  /** A stop that still holds, of this comparison or of before. */
  async function findStop(row: Row, identity: BlobIdentity | null): Promise<DeletionStop | null> {
    const known = stopOf(row)
    const reason = compare(row, identity)
    if (reason !== null) return known?.reason === reason ? known : await setStop(needs, reason)
    const isOver = known?.untilMs !== undefined && known.untilMs <= now()
    if (known === null || !(isOver || COMPARED_REASONS.has(known.reason))) return known
    await update(needs, { stopJson: null })
    return null
  }

  /** Throws when the identity of the blobs cannot be read: then nothing is known. */
  async function check(isLooking: boolean): Promise<DeletionStop | null> {
    // In this order: the mark of the database is raised first, so the blobs' is never ahead.
    const identity = await blobs.readIdentity()
    const row = await readRow(db)
    const stop = await findStop(row, identity)
    if (stop !== null) return stop
    if (isLooking) {
      const count = await countMissingRows(needs, row)
      if (count > CRASHED_MAX) return await setStop(needs, 'rows_missing', `They are ${count}.`)
    }
    const newestMs = await newestRowAtMs(db)
    if (isLooking || newestMs !== row.newestRowAtMs) await raiseMark(needs, row.id, newestMs)
    hasLooked ||= isLooking
    return null
  }

  return {
    check: () => check(!hasLooked),
    stop: async () => stopOf(await readRow(db)),
    judgeOrphans: (orphans, blobCount) => judgeOrphans(needs, orphans, blobCount),
    ...copyMarks(needs),
    async close() {
      await check(false).catch(() => null)
    },
  }
}

/** At the first start the blobs get the id of the database, unless they may be of another. */
async function agree(needs: InstallationNeeds): Promise<void> {
  const { db, write, blobs } = needs
  await write((trx) =>
    trx
      .insertInto('installation')
      .values({ name: NAME, id: randomUUID(), mark: 0 })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute(),
  )
  const { id, mark } = await readRow(db)
  if (mark > 0) return
  // A file that cannot be read is reported by the check.
  const identity = await blobs.readIdentity().catch(() => undefined)
  const isOurs =
    identity === null
      ? (await newestRowAtMs(db)) !== null || !(await hasBlobs(blobs))
      : identity?.installationId === id
  if (!isOurs) return
  // In this order: after a crash in between the blobs have the id of this database.
  await blobs.writeIdentity({ installationId: id, mark: 1 })
  await update(needs, { mark: 1 })
}

function compare(row: Row, identity: BlobIdentity | null): FoundReason | null {
  if (row.mark === 0) return 'database_new'
  if (identity === null) return 'blobs_unmarked'
  if (identity.installationId !== row.id) return 'other_installation'
  return identity.mark > row.mark ? 'database_older' : null
}

async function raiseMark(
  { write, blobs }: InstallationNeeds,
  installationId: string,
  newestMs: number | null,
): Promise<void> {
  const { mark } = await write((trx) =>
    trx
      .updateTable('installation')
      .set((row) => ({ mark: row('mark', '+', 1), newestRowAtMs: newestMs }))
      .where('name', '=', NAME)
      .returning('mark')
      .executeTakeFirstOrThrow(),
  )
  await blobs.writeIdentity({ installationId, mark })
}

/** The blobs newer than the newest row, without a row, and too old for an upload under way. */
async function countMissingRows(
  { db, blobs, garbage, now }: InstallationNeeds,
  { acceptedAtMs }: Row,
): Promise<number> {
  const afterMs = Math.max((await newestRowAtMs(db)) ?? 0, acceptedAtMs ?? 0)
  let count = 0
  let keys: BlobKey[] = []
  for await (const key of blobs.keysPutBefore(now() - UPLOAD_MS_MAX)) {
    if (putAtMs(key) > afterMs) keys.push(key)
    if (keys.length < KEYS_MAX) continue
    count += (await garbage.unknownKeys(keys)).length
    keys = []
  }
  return count + (await garbage.unknownKeys(keys)).length
}

async function hasBlobs(blobs: BlobStore): Promise<boolean> {
  for await (const _ of blobs.keysPutBefore(Number.POSITIVE_INFINITY)) return true
  return false
}

async function judgeOrphans(
  needs: InstallationNeeds,
  orphans: readonly BlobKey[],
  blobCount: number,
): Promise<DeletionStop | null> {
  const { acceptedAtMs } = await readRow(needs.db)
  const newestMs = await newestRowAtMs(needs.db)
  const unaccepted = orphans.filter((key) => putAtMs(key) > (acceptedAtMs ?? 0))
  const newerCount = unaccepted.filter((key) => putAtMs(key) > (newestMs ?? 0)).length
  if (newerCount > CRASHED_MAX)
    return await setStop(needs, 'rows_missing', `They are ${newerCount}.`)
  const count = unaccepted.length
  if (count <= Math.max(ORPHANS_MIN, blobCount * ORPHAN_SHARE_MAX)) return null
  return await setStop(needs, 'many_orphans', `They are ${count} of ${blobCount}.`)
}
