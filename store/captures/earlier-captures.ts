import type { Kysely, Selectable } from 'kysely'
import { isOfSpace } from '../database/of-space.ts'
import { filesOf, STARTED_AT } from './capture-rows.ts'
import type { EarlierCapture } from './judgement-store.ts'
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
  const { target, instance, processKey } = capture
  // The process of a single uploaded file is unknown.
  if (processKey === null && target === null && instance === null) return []
  const rows = await earlierQuery(db, capture).execute()
  const ids = rows.map((row) => row.id)
  const files = await filesOf(db, ids)
  return ids.map((captureId) => ({ captureId, files: files.get(captureId) ?? [] }))
}

type Known =
  | 'id'
  | 'target'
  | 'instance'
  | 'cluster'
  | 'processKey'
  | 'space'
  | 'startedAtMs'
  | 'createdAtMs'

export function earlierQuery(
  db: Kysely<Schema>,
  capture: Pick<Selectable<Schema['capture']>, Known>,
) {
  const { id, target, instance, cluster, processKey, space } = capture
  const atMs = capture.startedAtMs ?? capture.createdAtMs
  const query = db
    .selectFrom('capture')
    .select('id')
    .where('deletedAtMs', 'is', null)
    .where(isOfSpace('capture', space))
    .where('status', 'in', ['complete', 'partial'])
    .where((where) =>
      where.or([
        where(STARTED_AT, '<', atMs),
        where.and([where(STARTED_AT, '=', atMs), where('id', '<', id)]),
      ]),
    )
    .orderBy(STARTED_AT, 'desc')
    .orderBy('id', 'desc')
    .limit(EARLIER_MAX)
  return processKey === null
    ? query
        .where('target', 'is not distinct from', target)
        .where('instance', 'is not distinct from', instance)
        .where('cluster', 'is not distinct from', cluster)
    : query.where('processKey', '=', processKey)
}
