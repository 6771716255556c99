import type { Kysely } from 'kysely'
import type { ProfileType } from '../../api/index.ts'
import type { Schema } from '../schema/schema.ts'
import type { FindingPoint, SeenFinding } from './finding-store.ts'

/** How many judgements are read for each that could show the finding: lone profiles of other types lie between. */
const READ_FACTOR = 4

/** What the judgements of its process said of one finding, oldest first. */
export async function findingTrend(
  db: Kysely<Schema>,
  id: string,
  limit: number,
): Promise<readonly FindingPoint[]> {
  const finding = await db
    .selectFrom('finding')
    .select(['subjectId', 'rule', 'groupName', 'seenJson'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (finding === undefined) return []
  const rows = await db
    .selectFrom('findingObservation as observation')
    .leftJoin('findingSighting as sighting', (join) =>
      join
        .onRef('sighting.observationId', '=', 'observation.id')
        .on('sighting.rule', '=', finding.rule)
        .on('sighting.groupName', '=', finding.groupName),
    )
    .select(['observation.id', 'observation.kind', 'observation.atMs', 'observation.typesJson'])
    .select('sighting.seenJson')
    .where('observation.subjectId', '=', finding.subjectId)
    .orderBy('observation.atMs', 'desc')
    .orderBy('observation.id', 'desc')
    .limit(limit * READ_FACTOR)
    .execute()
  const latest: SeenFinding = JSON.parse(finding.seenJson)
  const points = rows.flatMap(({ kind, atMs, typesJson, seenJson, ...row }): FindingPoint[] => {
    const seen: SeenFinding | null = seenJson === null ? null : JSON.parse(seenJson)
    const types: readonly ProfileType[] = JSON.parse(typesJson)
    if (seen === null && !latest.needs.every((type) => types.includes(type))) return []
    const captureId = kind === 'capture' ? row.id : null
    const profileId = kind === 'profile' ? row.id : (seen?.profileId ?? null)
    return [{ place: { captureId, profileId, atMs }, seen }]
  })
  return points.slice(0, limit).toReversed()
}
