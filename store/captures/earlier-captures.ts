import type { Kysely, Selectable } from 'kysely'
import { filesOf } from './capture-rows.ts'
import type { EarlierCapture } from './judgement-store.ts'
import { type CaptureRow, namesProcess, ofAddress, ofNames } from './near-captures.ts'
import type { Schema } from '../schema/schema.ts'

/** The newest shows growth since then; all together show steady growth. */
const EARLIER_MAX = 4

/**
 * The earlier captures that may be of the same process, newest first. Their metrics and values
 * decide whether they are.
 */
export async function earlierCaptures(
  db: Kysely<Schema>,
  capture: Selectable<Schema['capture']>,
): Promise<readonly EarlierCapture[]> {
  if (!namesProcess(capture)) return []
  const rows = await earlierQuery(db, capture).execute()
  const ids = rows.map((row) => row.id)
  const files = await filesOf(db, ids)
  return ids.map((captureId) => ({ captureId, files: files.get(captureId) ?? [] }))
}

export function earlierQuery(db: Kysely<Schema>, capture: CaptureRow) {
  const query = capture.processKey === null ? ofNames : ofAddress
  return query(db, capture, 'before').select('capture.id').limit(EARLIER_MAX)
}
