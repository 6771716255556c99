import type { Kysely, Selectable } from 'kysely'
import type { Batch } from '../database/together.ts'
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
export type FindingRow = Pick<Selectable<FindingTable>, (typeof COLUMNS)[number]>
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

/** Follows all findings of a subject by one more observation, the latest. `rows`: what `findingsOf` finds. */
export async function followLatest(
  batch: Batch,
  { subjectId, rows }: { readonly subjectId: string; readonly rows: readonly FindingRow[] },
  { findings, ...observation }: LatestObservation,
): Promise<void> {
  const seen = new Map(findings.map((finding) => [textOf(keyOfSeen(finding)), finding]))
  const known = new Map(rows.map((row) => [textOf(row), row]))
  for (const text of new Set([...known.keys(), ...seen.keys()])) {
    const row = known.get(text) ?? null
    const finding = seen.get(text) ?? null
    const missedCount =
      row === null || finding !== null ? 0 : await missedBefore(batch, row, observation)
    const { state, event } = followFinding(row, observation, finding, missedCount)
    const key = row ?? (finding === null ? null : keyOfSeen(finding))
    if (key === null) continue
    const events = event === null ? [] : [{ ...event, observation }]
    save(batch, { subjectId, row }, { key, state, events })
  }
}

/** Follows all findings of a subject through all its observations again. */
export async function followAll(batch: Batch, subjectId: string): Promise<void> {
  const { db, run, send } = batch
  const [rows, observations, sightings] = await Promise.all([
    run(findingsOf(db, subjectId)),
    observationsOf(batch, subjectId),
    sightingsOf(batch, subjectId),
  ])
  const known = new Map(rows.map((row) => [textOf(row), row]))
  send(newestUpdate(db, subjectId, observations.at(-1) ?? null))
  for (const text of new Set([...known.keys(), ...sightings.keys()])) {
    const row = known.get(text) ?? null
    const seen = sightings.get(text)
    const key = row ?? seen?.key
    if (key === undefined) continue
    if (row !== null) send(deletionOfSeenEvents(db, row.id))
    save(batch, { subjectId, row }, followThrough(key, observations, seen?.byObservation))
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
  { db, run }: Batch,
  row: FindingRow,
  { id }: Observation,
): Promise<number> {
  if (row.resolvedAtMs !== null || missesToEnd(row) === 1) return 0
  const since = await run(
    db
      .selectFrom('findingObservation')
      .select('typesJson')
      .where('subjectId', '=', row.subjectId)
      .where('id', '!=', id)
      .where((where) =>
        where.or([
          where('atMs', '>', row.lastSeenAtMs),
          where.and([where('atMs', '=', row.lastSeenAtMs), where('id', '>', row.latestId)]),
        ]),
      ),
  )
  return since.filter(({ typesJson }) => couldShow(row, { types: JSON.parse(typesJson) })).length
}

interface Place {
  readonly subjectId: string
  readonly row: FindingRow | null
}

function save(
  { db, send }: Batch,
  { subjectId, row }: Place,
  { key: { rule, groupName }, state, events }: Followed,
): void {
  if (state === null) {
    if (row === null) return
    send(db.deleteFrom('findingEvent').where('findingId', '=', row.id))
    send(db.deleteFrom('finding').where('id', '=', row.id))
    return
  }
  const findingId = row?.id ?? newId()
  const columns = columnsOf(state)
  if (row === null) {
    const place = { id: findingId, subjectId, rule, groupName }
    send(db.insertInto('finding').values({ ...place, ...columns, ...UNTOUCHED }))
  } else {
    send(db.updateTable('finding').set(columns).where('id', '=', findingId))
  }
  const rows = events.map(({ kind, level, observation: { id: observationId, atMs } }) => {
    const nothing = { actor: null, note: null, untilMs: null }
    return { id: newId(), findingId, atMs, kind, level, observationId, ...nothing }
  })
  for (let first = 0; first < rows.length; first += ROWS_MAX) {
    send(db.insertInto('findingEvent').values(rows.slice(first, first + ROWS_MAX)))
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

export function findingsOf(db: Kysely<Schema>, subjectId: string) {
  return db.selectFrom('finding').select(COLUMNS).where('subjectId', '=', subjectId)
}

async function observationsOf(
  { db, run }: Batch,
  subjectId: string,
): Promise<readonly Observation[]> {
  const rows = await run(
    db
      .selectFrom('findingObservation')
      .select(['id', 'atMs', 'typesJson', 'foldCount'])
      .where('subjectId', '=', subjectId)
      .orderBy('atMs')
      .orderBy('id'),
  )
  return rows.map(({ typesJson, ...row }) => ({ ...row, types: JSON.parse(typesJson) }))
}

interface Sightings {
  readonly key: FindingKey
  readonly byObservation: Map<string, SeenFinding>
}

async function sightingsOf(
  { db, run }: Batch,
  subjectId: string,
): Promise<ReadonlyMap<string, Sightings>> {
  const rows = await run(
    db
      .selectFrom('findingSighting')
      .innerJoin('findingObservation', 'findingObservation.id', 'findingSighting.observationId')
      .selectAll('findingSighting')
      .where('findingObservation.subjectId', '=', subjectId),
  )
  const sightings = new Map<string, Sightings>()
  for (const { observationId, seenJson, ...key } of rows) {
    const known = sightings.get(textOf(key)) ?? { key, byObservation: new Map() }
    known.byObservation.set(observationId, JSON.parse(seenJson))
    sightings.set(textOf(key), known)
  }
  return sightings
}

function deletionOfSeenEvents(db: Kysely<Schema>, findingId: string) {
  return db
    .deleteFrom('findingEvent')
    .where('findingId', '=', findingId)
    .where('observationId', 'is not', null)
}

/** After a removal the newest may be an older one. */
function newestUpdate(db: Kysely<Schema>, subjectId: string, newest: Observation | null) {
  return db
    .updateTable('findingSubject')
    .set({ newestAtMs: newest?.atMs ?? 0, newestId: newest?.id ?? '' })
    .where('id', '=', subjectId)
}

function keyOfSeen({ rule, group }: SeenFinding): FindingKey {
  return { rule, groupName: group ?? '' }
}

function textOf({ rule, groupName }: FindingKey): string {
  return JSON.stringify([rule, groupName])
}
