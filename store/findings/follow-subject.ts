import type { Selectable, Transaction } from 'kysely'
import { newId } from '../id.ts'
import type { FindingTable } from '../schema/finding-schema.ts'
import type { Schema } from '../schema/schema.ts'
import {
  couldShow,
  type FollowedFinding,
  type FollowedStep,
  followFinding,
  missesToEnd,
  type Observation,
} from './follow-finding.ts'
import type { SeenFinding } from './finding-store.ts'

const ROWS_MAX = 100

/** Named one by one, so that Postgres can keep the statement planned. */
const COLUMNS = [
  'id',
  'subjectId',
  'rule',
  'groupName',
  'level',
  'worstLevel',
  'seenJson',
  'firstSeenAtMs',
  'lastSeenAtMs',
  'openedAtMs',
  'raisedAtMs',
  'resolvedAtMs',
  'seenCount',
  'returnCount',
  'openedById',
  'latestId',
] as const satisfies readonly (keyof FindingTable)[]
type FindingRow = Pick<Selectable<FindingTable>, (typeof COLUMNS)[number]>
type FindingKey = Pick<FindingRow, 'rule' | 'groupName'>

export interface LatestObservation extends Observation {
  readonly findings: readonly SeenFinding[]
}

/** What observations made of one finding. */
interface Followed {
  readonly key: FindingKey
  readonly state: FollowedFinding | null
  readonly events: readonly (NonNullable<FollowedStep['event']> & {
    readonly observation: Observation
  })[]
}

/** Follows all findings of a subject by one more observation, the latest. */
export async function followLatest(
  trx: Transaction<Schema>,
  subjectId: string,
  { findings, ...observation }: LatestObservation,
): Promise<void> {
  const rows = await findingsOf(trx, subjectId)
  const seen = new Map(findings.map((finding) => [textOf(keyOfSeen(finding)), finding]))
  const known = new Map(rows.map((row) => [textOf(row), row]))
  for (const text of new Set([...known.keys(), ...seen.keys()])) {
    const row = known.get(text) ?? null
    const finding = seen.get(text) ?? null
    const missedCount =
      row === null || finding !== null ? 0 : await missedBefore(trx, row, observation)
    const { state, event } = followFinding(row, observation, finding, missedCount)
    const key = row ?? (finding === null ? null : keyOfSeen(finding))
    if (key === null) continue
    const events = event === null ? [] : [{ ...event, observation }]
    await save(trx, { subjectId, row }, { key, state, events })
  }
}

/** Follows all findings of a subject through all its observations again. */
export async function followAll(trx: Transaction<Schema>, subjectId: string): Promise<void> {
  const rows = await findingsOf(trx, subjectId)
  const observations = await observationsOf(trx, subjectId)
  const sightings = await sightingsOf(trx, subjectId)
  const known = new Map(rows.map((row) => [textOf(row), row]))
  await putNewest(trx, subjectId, observations.at(-1) ?? null)
  for (const text of new Set([...known.keys(), ...sightings.keys()])) {
    const row = known.get(text) ?? null
    const seen = sightings.get(text)
    const key = row ?? seen?.key
    if (key === undefined) continue
    if (row !== null) await removeSeenEvents(trx, row.id)
    await save(trx, { subjectId, row }, followThrough(key, observations, seen?.byObservation))
  }
}

function followThrough(
  key: FindingKey,
  observations: readonly Observation[],
  seen: ReadonlyMap<string, SeenFinding> = new Map(),
): Followed {
  const events: Followed['events'][number][] = []
  let state: FollowedFinding | null = null
  let missedCount = 0
  for (const observation of observations) {
    const finding = seen.get(observation.id) ?? null
    const step: FollowedStep = followFinding(state, observation, finding, missedCount)
    if (finding !== null) missedCount = 0
    else if (state !== null && couldShow(state, observation)) missedCount++
    state = step.state
    if (step.event !== null) events.push({ ...step.event, observation })
  }
  return { key, state, events }
}

/** How many observations before this one could have shown an open finding since one last did, as far as that matters. */
async function missedBefore(
  trx: Transaction<Schema>,
  row: FindingRow,
  { id }: Observation,
): Promise<number> {
  if (row.resolvedAtMs !== null || missesToEnd(row) === 1) return 0
  const since = await trx
    .selectFrom('findingObservation')
    .select('typesJson')
    .where('subjectId', '=', row.subjectId)
    .where('id', '!=', id)
    .where((where) =>
      where.or([
        where('atMs', '>', row.lastSeenAtMs),
        where.and([where('atMs', '=', row.lastSeenAtMs), where('id', '>', row.latestId)]),
      ]),
    )
    .execute()
  return since.filter(({ typesJson }) => couldShow(row, { types: JSON.parse(typesJson) })).length
}

interface Place {
  readonly subjectId: string
  readonly row: FindingRow | null
}

async function save(
  trx: Transaction<Schema>,
  { subjectId, row }: Place,
  { key: { rule, groupName }, state, events }: Followed,
): Promise<void> {
  if (state === null) {
    if (row === null) return
    await trx.deleteFrom('findingEvent').where('findingId', '=', row.id).execute()
    await trx.deleteFrom('finding').where('id', '=', row.id).execute()
    return
  }
  const findingId = row?.id ?? newId()
  if (row === null) {
    await trx
      .insertInto('finding')
      .values({ id: findingId, subjectId, rule, groupName, ...columnsOf(state), ...UNTOUCHED })
      .execute()
  } else {
    await trx.updateTable('finding').set(columnsOf(state)).where('id', '=', findingId).execute()
  }
  const rows = events.map(({ kind, level, observation: { id: observationId, atMs } }) => {
    const nothing = { actor: null, note: null, untilMs: null }
    return { id: newId(), findingId, atMs, kind, level, observationId, ...nothing }
  })
  for (let first = 0; first < rows.length; first += ROWS_MAX) {
    await trx
      .insertInto('findingEvent')
      .values(rows.slice(first, first + ROWS_MAX))
      .execute()
  }
}

const UNTOUCHED = {
  acknowledgedAtMs: null,
  acknowledgedBy: null,
  note: null,
  mutedUntilMs: null,
  mutedBy: null,
} as const

/** A state may be a whole row: what people did to it is no part of it. */
function columnsOf(state: FollowedFinding): FollowedFinding {
  const { level, worstLevel, seenJson, firstSeenAtMs, lastSeenAtMs, openedAtMs } = state
  const { raisedAtMs, resolvedAtMs, seenCount, returnCount, openedById, latestId } = state
  return {
    level,
    worstLevel,
    seenJson,
    firstSeenAtMs,
    lastSeenAtMs,
    openedAtMs,
    raisedAtMs,
    resolvedAtMs,
    seenCount,
    returnCount,
    openedById,
    latestId,
  }
}

function findingsOf(trx: Transaction<Schema>, subjectId: string): Promise<FindingRow[]> {
  return trx.selectFrom('finding').select(COLUMNS).where('subjectId', '=', subjectId).execute()
}

async function observationsOf(
  trx: Transaction<Schema>,
  subjectId: string,
): Promise<readonly Observation[]> {
  const rows = await trx
    .selectFrom('findingObservation')
    .select(['id', 'atMs', 'typesJson', 'foldCount'])
    .where('subjectId', '=', subjectId)
    .orderBy('atMs')
    .orderBy('id')
    .execute()
  return rows.map(({ typesJson, ...row }) => ({ ...row, types: JSON.parse(typesJson) }))
}

interface Sightings {
  readonly key: FindingKey
  readonly byObservation: Map<string, SeenFinding>
}

async function sightingsOf(
  trx: Transaction<Schema>,
  subjectId: string,
): Promise<ReadonlyMap<string, Sightings>> {
  const rows = await trx
    .selectFrom('findingSighting')
    .innerJoin('findingObservation', 'findingObservation.id', 'findingSighting.observationId')
    .selectAll('findingSighting')
    .where('findingObservation.subjectId', '=', subjectId)
    .execute()
  const sightings = new Map<string, Sightings>()
  for (const { observationId, seenJson, ...key } of rows) {
    const known = sightings.get(textOf(key)) ?? { key, byObservation: new Map() }
    known.byObservation.set(observationId, JSON.parse(seenJson))
    sightings.set(textOf(key), known)
  }
  return sightings
}

async function removeSeenEvents(trx: Transaction<Schema>, findingId: string): Promise<void> {
  await trx
    .deleteFrom('findingEvent')
    .where('findingId', '=', findingId)
    .where('observationId', 'is not', null)
    .execute()
}

/** After a removal the newest may be an older one. */
async function putNewest(
  trx: Transaction<Schema>,
  subjectId: string,
  newest: Observation | null,
): Promise<void> {
  await trx
    .updateTable('findingSubject')
    .set({ newestAtMs: newest?.atMs ?? 0, newestId: newest?.id ?? '' })
    .where('id', '=', subjectId)
    .execute()
}

function keyOfSeen({ rule, group }: SeenFinding): FindingKey {
  return { rule, groupName: group ?? '' }
}

function textOf({ rule, groupName }: FindingKey): string {
  return JSON.stringify([rule, groupName])
}
