import { createHash } from 'node:crypto'
import type { Transaction } from 'kysely'
import { enqueueJudgement } from './capture-endings.ts'
import type { UploadedCapture } from './capture-store.ts'
import { insertCapture, insertCaptureFile } from './insert-capture.ts'
import { insertProfile } from '../profiles/insert-profile.ts'
import type { Schema } from '../schema/schema.ts'

/** Adds the whole bundle with an analysis of each profile, or nothing. */
export async function addUploadedCapture(
  trx: Transaction<Schema>,
  upload: UploadedCapture,
  nowMs: number,
): Promise<{
  readonly id: string
  readonly analysisIds: readonly string[]
  readonly isDuplicate: boolean
}> {
  const known = await trx
    .selectFrom('capture')
    .select('id')
    .where('dedupeKey', '=', upload.dedupeKey)
    .where('deletedAtMs', 'is', null)
    .executeTakeFirst()
  if (known !== undefined) return { id: known.id, analysisIds: [], isDuplicate: true }
  const { dedupeKey, status, startedAtMs, kubernetesVersion, goVersion, ...rest } = upload
  const { finishedAtMs, parts, error, files, ...declared } = rest
  const capture = { ...declared, processKey: null, schedule: null, request: null }
  const id = await insertCapture(trx, capture, nowMs, {
    status,
    dedupeKey,
    startedAtMs,
    finishedAtMs,
    kubernetesVersion,
    goVersion,
    partsJson: JSON.stringify(parts),
    errorJson: error === null ? null : JSON.stringify(error),
  })
  const analysisIds: string[] = []
  for (const { name, kind, blob, profile } of files) {
    const file = { name, kind, durationMs: null, note: null }
    if (profile === null) {
      await insertCaptureFile(trx, id, { ...file, blob, profileId: null }, nowMs)
      continue
    }
    const added = await insertProfile(trx, {
      source: upload.space === undefined ? profile : { ...profile, space: upload.space },
      captureId: id,
      dedupeKey: dedupeKeyWithin(id, name),
      blob,
      receivedAtMs: nowMs,
    })
    analysisIds.push(added.analysisId)
    await insertCaptureFile(trx, id, { ...file, blob, profileId: added.id }, nowMs)
  }
  await enqueueJudgement(trx, id, nowMs)
  return { id, analysisIds, isDuplicate: false }
}

/**
 * Profiles of different captures are kept apart even when their bytes are equal, as empty profiles
 * are.
 */
function dedupeKeyWithin(captureId: string, name: string): string {
  return createHash('sha256')
    .update(JSON.stringify(['capture', captureId, name]))
    .digest('hex')
}
