import type { Transaction } from 'kysely'
import { inParts } from '../database/in-parts.ts'
import type { Schema } from '../schema/schema.ts'
import type { SeenFinding } from './finding-store.ts'

const DAY_MS = 24 * 3600 * 1000
/** Read at once; the rest comes the next time. */
const OBSERVATIONS_MAX = 3000

interface Judged {
  readonly id: string
  readonly atMs: number
  readonly typesJson: string
  readonly foldCount: number
  /** Two observations with equal texts say the same. */
  readonly text: string
}

/**
 * Folds observations before a time into one before them of the same day (UTC), where that one and the next say the same
 * and nothing came of any between: findings that are followed through what is left have the same state, count and
 * events. Returns how many are gone.
 */
export async function foldAlike(
  trx: Transaction<Schema>,
  subjectId: string,
  beforeMs: number,
): Promise<number> {
  const observations = await readObservations(trx, subjectId, beforeMs)
  const last = observations.at(-1)
  if (last === undefined) return 0
  const folds = chooseFolds(observations, await keptOf(trx, subjectId))
  const counts = new Map<Judged, number>()
  for (const [from, into] of folds) {
    counts.set(into, (counts.get(into) ?? into.foldCount) + from.foldCount)
  }
  const gone = folds.map(([{ id }]) => id)
  await inParts(gone, async (ids) => {
    await trx.deleteFrom('findingSighting').where('observationId', 'in', ids).execute()
    await trx.deleteFrom('findingObservation').where('id', 'in', ids).execute()
  })
  for (const [{ id }, foldCount] of counts) {
    await trx.updateTable('findingObservation').set({ foldCount }).where('id', '=', id).execute()
  }
  await trx
    .updateTable('findingSubject')
    .set({ foldedToMs: last.atMs })
    .where('id', '=', subjectId)
    .execute()
  return folds.length
}

/** In order of time, from the last that was looked at on. */
async function readObservations(
  trx: Transaction<Schema>,
  subjectId: string,
  beforeMs: number,
): Promise<readonly Judged[]> {
  const rows = await trx
    .selectFrom('findingObservation')
    .innerJoin('findingSubject', 'findingSubject.id', 'findingObservation.subjectId')
    .select(['findingObservation.id', 'atMs', 'typesJson', 'foldCount', 'kind'])
    .where('subjectId', '=', subjectId)
    .whereRef('atMs', '>=', 'foldedToMs')
    .where('atMs', '<', beforeMs)
    .orderBy('atMs')
    .orderBy('findingObservation.id')
    .limit(OBSERVATIONS_MAX)
    .execute()
  const seen = new Map<string, string[]>()
  const judged = rows.map(({ id }) => id)
  await inParts(judged, async (ids) => {
    const found = await trx
      .selectFrom('findingSighting')
      .select(['observationId', 'seenJson'])
      .where('observationId', 'in', ids)
      .execute()
    for (const { observationId, seenJson } of found) {
      seen.set(observationId, [...(seen.get(observationId) ?? []), verdictOf(seenJson)])
    }
  })
  return rows.map(({ kind, ...row }) => {
    const verdicts = (seen.get(row.id) ?? []).toSorted()
    return { ...row, text: JSON.stringify([kind, row.typesJson, verdicts]) }
  })
}

/** What of a sighting says how its finding is followed. */
function verdictOf(seenJson: string): string {
  const { rule, group, level, isFolded, needs, usual }: SeenFinding = JSON.parse(seenJson)
  return JSON.stringify([rule, group, level, isFolded, needs, usual === undefined])
}

interface Kept {
  /** Observations of which something came. */
  readonly ids: ReadonlySet<string>
  /** Whether misses of a finding count one after the other, so that what lies between two observations matters. */
  readonly countsMisses: boolean
}

async function keptOf(trx: Transaction<Schema>, subjectId: string): Promise<Kept> {
  const findings = await trx
    .selectFrom('finding')
    .select(['openedById', 'latestId', 'seenJson'])
    .where('subjectId', '=', subjectId)
    .execute()
  const events = await trx
    .selectFrom('findingEvent')
    .innerJoin('finding', 'finding.id', 'findingEvent.findingId')
    .select('findingEvent.observationId')
    .where('finding.subjectId', '=', subjectId)
    .execute()
  const ids = [
    ...findings.flatMap(({ openedById, latestId }) => [openedById, latestId]),
    ...events.map(({ observationId }) => observationId ?? ''),
  ]
  const seen = findings.map(({ seenJson }): SeenFinding => JSON.parse(seenJson))
  return { ids: new Set(ids), countsMisses: seen.some(({ usual }) => usual !== undefined) }
}

/** Which are folded, each with the one that it is folded into. */
function chooseFolds(
  observations: readonly Judged[],
  { ids, countsMisses }: Kept,
): readonly (readonly [from: Judged, into: Judged])[] {
  const keyOf = ({ typesJson }: Judged) => (countsMisses ? '' : typesJson)
  const next = nextAlike(observations, ids, keyOf)
  const folds: [Judged, Judged][] = []
  let last = new Map<string, Judged>()
  for (const [index, observation] of observations.entries()) {
    if (ids.has(observation.id)) last = new Map()
    const into = last.get(keyOf(observation))
    const isSame = into?.text === observation.text && dayOf(into) === dayOf(observation)
    if (into !== undefined && isSame && next[index] === true) folds.push([observation, into])
    else last.set(keyOf(observation), observation)
  }
  return folds
}

/** Of each: whether the next with its key says the same, and nothing came of any up to that one. */
function nextAlike(
  observations: readonly Judged[],
  ids: Kept['ids'],
  keyOf: (observation: Judged) => string,
): readonly boolean[] {
  let next = new Map<string, Judged>()
  const alike = observations.toReversed().map((observation) => {
    const isAlike = next.get(keyOf(observation))?.text === observation.text
    next = ids.has(observation.id) ? new Map() : next.set(keyOf(observation), observation)
    return isAlike
  })
  return alike.toReversed()
}

function dayOf({ atMs }: Judged): number {
  return Math.floor(atMs / DAY_MS)
}
