import { sql, type Kysely, type Selectable } from 'kysely'
import { filesOf } from './capture-rows.ts'
import type { EarlierCapture } from './judgement-store.ts'
import type { Schema } from '../sqlite/schema.ts'

/** The last tells what has grown, all of them what only grows. */
const EARLIER_MAX = 4

/**
 * The captures before this one that may be of the same process, newest first. Whether they are, their metrics and their
 * values tell.
 */
export async function earlierCaptures(
  db: Kysely<Schema>,
  capture: Selectable<Schema['capture']>,
): Promise<readonly EarlierCapture[]> {
  const { id, target, instance, cluster, processKey } = capture
  // Of a file that somebody dropped nobody knows which process it is of.
  if (processKey === null && target === null && instance === null) return []
  const at = sql<number>`coalesce("capture"."startedAtMs", "capture"."createdAtMs")`
  const atMs = capture.startedAtMs ?? capture.createdAtMs
  const query = db
    .selectFrom('capture')
    .select('id')
    .where('deletedAtMs', 'is', null)
    .where('status', 'in', ['complete', 'partial'])
    .where((where) =>
      where.or([where(at, '<', atMs), where.and([where(at, '=', atMs), where('id', '<', id)])]),
    )
    .orderBy(at, 'desc')
    .orderBy('id', 'desc')
    .limit(EARLIER_MAX)
  const rows =
    processKey === null
      ? await query
          .where('target', 'is not distinct from', target)
          .where('instance', 'is not distinct from', instance)
          .where('cluster', 'is not distinct from', cluster)
          .execute()
      : await query.where('processKey', '=', processKey).execute()
  const ids = rows.map((row) => row.id)
  const files = await filesOf(db, ids)
  return ids.map((captureId) => ({ captureId, files: files.get(captureId) ?? [] }))
}
