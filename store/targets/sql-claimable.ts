import { sql, type Kysely } from 'kysely'
import type { Schema } from '../schema/schema.ts'

/**
 * The waiting captures whose process may be leased now: requested by people first, then by alerts,
 * then the longest waiting. Includes captures whose process is no longer known, so that they can be
 * ended.
 */
export async function claimableCaptures(
  db: Kysely<Schema>,
  { limit, clusterMax }: { readonly limit: number; readonly clusterMax: number },
  nowMs: number,
): Promise<readonly string[]> {
  const full = await fullOnes(db, clusterMax, nowMs)
  let query = db
    .selectFrom('capture')
    .leftJoin('process', 'process.key', 'capture.processKey')
    .select('capture.id')
    .where('capture.status', '=', 'waiting')
    .where('capture.deletedAtMs', 'is', null)
    .where((where) =>
      where.or([
        where('process.leaseUntilMs', 'is', null),
        where('process.leaseUntilMs', '<=', nowMs),
      ]),
    )
    .orderBy(sql`case "capture"."origin" when 'schedule' then 2 when 'alert' then 1 else 0 end`)
    .orderBy('capture.id')
    .limit(limit)
  for (const column of ['groupName', 'cluster'] as const) {
    const names = full[column]
    if (names.length === 0) continue
    query = query.where((where) =>
      where.or([
        where(`process.${column}`, 'is', null),
        where(`process.${column}`, 'not in', names),
      ]),
    )
  }
  return (await query.execute()).map(({ id }) => id)
}

/** The groups and clusters that are at their limit of concurrent captures. */
async function fullOnes(db: Kysely<Schema>, clusterMax: number, nowMs: number) {
  const leased = await db
    .selectFrom('process')
    .select(['groupName', 'groupMax', 'cluster'])
    .where('leaseUntilMs', '>', nowMs)
    .execute()
  const groups = Map.groupBy(leased, ({ groupName }) => groupName ?? '')
  const clusters = Map.groupBy(leased, ({ cluster }) => cluster ?? '')
  return {
    groupName: [...groups].flatMap(([name, held]) =>
      name !== '' && held.length >= Math.max(...held.map(({ groupMax }) => groupMax)) ? [name] : [],
    ),
    cluster: [...clusters].flatMap(([name, held]) =>
      name !== '' && held.length >= clusterMax ? [name] : [],
    ),
  }
}
