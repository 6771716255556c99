import type { Transaction } from 'kysely'
import { DEFAULT_SPACE } from '../../api/index.ts'
import type { StoredBlob } from '../blobs/blob-store.ts'
import { together } from '../database/together.ts'
import { unstorableText } from '../database/unstorable-text.ts'
import { newId } from '../id.ts'
import { newBlobRow } from '../schema/new-blob-row.ts'
import { NEW_ANALYSIS } from './new-analysis.ts'
import type { ProfileSource } from './profile-store.ts'
import type { Schema } from '../schema/schema.ts'

export interface InsertedProfile {
  readonly source: ProfileSource
  readonly captureId: string | null
  readonly dedupeKey: string
  readonly blob: StoredBlob
  readonly receivedAtMs: number
}

/** Writes the rows of a profile that is not there yet: its blob, itself, its labels and its first analysis. */
export async function insertProfile(
  trx: Transaction<Schema>,
  { source, captureId, dedupeKey, blob, receivedAtMs }: InsertedProfile,
): Promise<{ readonly id: string; readonly analysisId: string }> {
  const id = newId()
  const analysisId = newId()
  const labels = source.labels.map(({ name, value }) => ({ profileId: id, name, value }))
  await together(trx, async ({ send }) => {
    send(trx.insertInto('blob').values(newBlobRow(blob, 'raw', receivedAtMs)))
    send(
      trx.insertInto('profile').values({
        id,
        captureId,
        dedupeKey,
        rawBlobId: blob.key,
        sourceJson: storableJson(source),
        target: source.target,
        component: source.component,
        instance: source.instance,
        cluster: source.cluster,
        type: source.type,
        takenAtMs: source.takenAtMs,
        receivedAtMs,
        currentAnalysisId: analysisId,
        failedState: null,
        deletedAtMs: null,
        pinnedAtMs: null,
        space: source.space ?? DEFAULT_SPACE,
      }),
    )
    if (labels.length > 0) send(trx.insertInto('profileLabel').values(labels))
    send(
      trx.insertInto('analysis').values({
        ...NEW_ANALYSIS,
        id: analysisId,
        profileId: id,
        notBeforeMs: receivedAtMs,
        createdAtMs: receivedAtMs,
      }),
    )
  })
  return { id, analysisId }
}

/** What a profile says of itself comes to columns later, in findings, and Postgres has no NUL in a text. */
function storableJson(source: ProfileSource): string {
  return JSON.stringify(source, (_key, value: unknown) => {
    if (typeof value === 'string' && value.includes('\0')) throw unstorableText()
    return value
  })
}
