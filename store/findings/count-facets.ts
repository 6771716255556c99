import { type Kysely, sql } from 'kysely'
import { FACET_VALUES_MAX } from '../../api/index.ts'
import type { Schema } from '../schema/schema.ts'
import { matching, stateOf } from './finding-rows.ts'
import type { FacetCount, FindingFacet, FindingFilter } from './finding-store.ts'
import { levelOfRank } from './follow-finding.ts'

/** For each facet, how many findings that match all other filters have each value; most first. */
export async function countFacets(
  db: Kysely<Schema>,
  filter: FindingFilter,
  nowMs: number,
): Promise<Readonly<Record<FindingFacet, readonly FacetCount[]>>> {
  const count = async (facet: FindingFacet) => {
    const { [facet]: _, ...others } = filter
    const rows = await db
      .selectFrom('finding')
      .innerJoin('findingSubject', 'findingSubject.id', 'finding.subjectId')
      .select(({ fn }) => [columnOf(facet, nowMs).as('value'), fn.countAll<number>().as('count')])
      .where(matching(others, nowMs))
      .groupBy(columnOf(facet, nowMs))
      .orderBy('count', 'desc')
      .orderBy(sql`coalesce(${columnOf(facet, nowMs)}, '')`)
      .limit(FACET_VALUES_MAX)
      .execute()
    return rows
  }
  const levels = await count('level')
  return {
    state: await count('state'),
    level: levels.map((row) => ({ ...row, value: levelOfRank(Number(row.value)) })),
    rule: await count('rule'),
    cluster: await count('cluster'),
    component: await count('component'),
    target: await count('target'),
  }
}

function columnOf(facet: FindingFacet, nowMs: number) {
  if (facet === 'state') return stateOf(nowMs)
  if (facet === 'level') return sql<string>`cast(${sql.ref('finding.level')} as text)`
  const table = facet === 'rule' ? 'finding' : 'findingSubject'
  return sql<string | null>`${sql.ref(`${table}.${facet}`)}`
}
