import type { Transaction } from 'kysely'
import { AppError } from '../../api/index.ts'
import type { StoredBlob } from '../blobs/blob-store.ts'
import type { NewCapture, NewCaptureFile } from './capture-store.ts'
import { newId } from '../id.ts'
import { newBlobRow } from '../schema/new-blob-row.ts'
import type { Schema } from '../schema/schema.ts'

const WAITING = {
  status: 'waiting',
  dedupeKey: null,
  kubernetesVersion: null,
  goVersion: null,
  partsJson: '[]',
  errorJson: null,
  startedAtMs: null,
  finishedAtMs: null,
  cancelAskedAtMs: null,
  leaseOwner: null,
  leaseToken: null,
  leaseUntilMs: null,
  processStartedAtMs: null,
  requestMetric: null,
  requestCount: null,
  requestCountBefore: null,
  previousCaptureId: null,
  worstFindingJson: null,
  findingCount: 0,
  pinnedAtMs: null,
  deletedAtMs: null,
} as const

type Changed = Partial<Pick<Schema['capture'], 'dedupeKey' | 'kubernetesVersion' | 'goVersion'>> &
  Partial<Pick<Schema['capture'], 'partsJson' | 'errorJson' | 'startedAtMs' | 'finishedAtMs'>> &
  Partial<Pick<Schema['capture'], 'status'>>

/** Inserts a waiting capture, or with `change` a finished one. Returns its id. */
export async function insertCapture(
  trx: Transaction<Schema>,
  { labels, request, ...capture }: NewCapture,
  nowMs: number,
  change: Changed = {},
): Promise<string> {
  const id = newId()
  await trx
    .insertInto('capture')
    .values({
      ...WAITING,
      ...capture,
      ...change,
      id,
      requestJson: request === null ? null : JSON.stringify(request),
      labelsJson: JSON.stringify(labels),
      createdAtMs: nowMs,
    })
    .execute()
  if (labels.length > 0) {
    const rows = labels.map(({ name, value }) => ({ captureId: id, name, value }))
    await trx.insertInto('captureLabel').values(rows).execute()
  }
  return id
}

export type InsertedFile = Omit<NewCaptureFile, 'blob'> &
  (
    | { readonly blob: StoredBlob; readonly profileId: null }
    | { readonly blob: Pick<StoredBlob, 'sizeBytes'>; readonly profileId: string }
  )

/** Inserts the row of a file, and of its blob unless it is a profile. */
export async function insertCaptureFile(
  trx: Transaction<Schema>,
  captureId: string,
  { name, kind, blob, profileId, durationMs, note }: InsertedFile,
  nowMs: number,
): Promise<void> {
  const known = await trx
    .selectFrom('captureFile')
    .select('name')
    .where('captureId', '=', captureId)
    .where('name', '=', name)
    .executeTakeFirst()
  if (known !== undefined) {
    throw new AppError('REQUEST_INVALID', {
      message: `The capture already has a file "${name}".`,
      details: { name },
    })
  }
  const { sizeBytes } = blob
  const blobId = profileId === null ? blob.key : null
  if (blobId !== null) {
    await trx
      .insertInto('blob')
      .values(newBlobRow({ key: blobId, sizeBytes }, 'file', nowMs))
      .execute()
  }
  const row = { name, kind, sizeBytes, durationMs, note, profileId, blobId }
  await trx
    .insertInto('captureFile')
    .values({ ...row, captureId, createdAtMs: nowMs })
    .execute()
}
