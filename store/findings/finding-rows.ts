import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { FindingState } from '../../api/index.ts'
import type { Schema } from '../schema/schema.ts'
import { levelOfRank, rankOfLevel } from './follow-finding.ts'
import type { FindingFilter, FindingPlace, SeenFinding, StoredFinding } from './finding-store.ts'

/** `open` and so on, as a column: what a person did holds until it returns or becomes worse. */
export function stateOf(nowMs: number) {
  return sql<FindingState>`case
    when "finding"."resolvedAtMs" is not null then 'resolved'
    when "finding"."mutedUntilMs" > ${sql.lit(nowMs)} then 'muted'
    when "finding"."acknowledgedAtMs" >= "finding"."raisedAtMs" then 'acknowledged'
    else 'open' end`
}

export function selectFindings(db: Kysely<Schema>, nowMs: number) {
  return db
    .selectFrom('finding')
    .innerJoin('findingSubject', 'findingSubject.id', 'finding.subjectId')
    .leftJoin('findingObservation as opening', 'opening.id', 'finding.openedById')
    .leftJoin('findingObservation as latest', 'latest.id', 'finding.latestId')
    .selectAll('finding')
    .select([
      'findingSubject.space',
      'findingSubject.cluster',
      'findingSubject.component',
      'findingSubject.target',
      'findingSubject.instance',
      'opening.kind as openingKind',
      'latest.kind as latestKind',
      stateOf(nowMs).as('state'),
    ])
}

const COLUMNS = {
  rule: 'finding.rule',
  cluster: 'findingSubject.cluster',
  component: 'findingSubject.component',
  target: 'findingSubject.target',
  instance: 'findingSubject.instance',
} as const
const NAMES = ['rule', 'cluster', 'component', 'target', 'instance'] as const

/** Whether a finding, joined with its subject, matches every filter given. */
export function matching(
  { space, sinceMs, state, level, ...filter }: FindingFilter,
  nowMs: number,
): RawBuilder<boolean> {
  const conditions = [sql`1 = 1`]
  if (space !== undefined) conditions.push(sql`${sql.ref('findingSubject.space')} = ${space}`)
  if (sinceMs !== undefined) conditions.push(sql`${sql.ref('finding.openedAtMs')} >= ${sinceMs}`)
  if (state !== undefined) conditions.push(sql`${stateOf(nowMs)} in (${sql.join(state)})`)
  if (level !== undefined) {
    const ranks = level.map(rankOfLevel)
    conditions.push(sql`${sql.ref('finding.level')} in (${sql.join(ranks)})`)
  }
  for (const name of NAMES) {
    const values = filter[name]
    if (values === undefined) continue
    const column = sql.ref(COLUMNS[name])
    const orNone = values.includes('') ? sql` or ${column} is null` : sql``
    conditions.push(sql`(${column} in (${sql.join(values)})${orNone})`)
  }
  return sql<boolean>`(${sql.join(conditions, sql` and `)})`
}

type FindingRow = NonNullable<
  Awaited<ReturnType<ReturnType<typeof selectFindings>['executeTakeFirst']>>
>

export function toFinding(row: FindingRow): StoredFinding {
  const seen: SeenFinding = JSON.parse(row.seenJson)
  const { isFolded: _, needs: __, profileId, ...shown } = seen
  const isAcknowledged = row.acknowledgedAtMs !== null && row.acknowledgedAtMs >= row.raisedAtMs
  return {
    ...shown,
    id: row.id,
    space: row.space,
    state: row.state,
    level: levelOfRank(row.level),
    worstLevel: levelOfRank(row.worstLevel),
    cluster: row.cluster,
    component: row.component,
    target: row.target,
    instance: row.instance,
    firstSeenAtMs: row.firstSeenAtMs,
    lastSeenAtMs: row.lastSeenAtMs,
    openedAtMs: row.openedAtMs,
    resolvedAtMs: row.resolvedAtMs,
    seenCount: row.seenCount,
    returnCount: row.returnCount,
    openedBy: placeOf(row.openingKind, row.openedById, {
      atMs: row.openedAtMs,
      profileId: null,
    }),
    latest: placeOf(row.latestKind, row.latestId, { atMs: row.lastSeenAtMs, profileId }),
    acknowledgedAtMs: isAcknowledged ? row.acknowledgedAtMs : null,
    acknowledgedBy: isAcknowledged ? row.acknowledgedBy : null,
    note: row.note,
    mutedUntilMs: row.mutedUntilMs,
    mutedBy: row.mutedBy,
  }
}

function placeOf(
  kind: 'capture' | 'profile' | null,
  id: string,
  { atMs, profileId }: { readonly atMs: number; readonly profileId: string | null },
): FindingPlace {
  return {
    captureId: kind === 'capture' ? id : null,
    profileId: kind === 'profile' ? id : profileId,
    atMs,
  }
}
