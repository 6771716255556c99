import type { Selectable, Transaction } from 'kysely'
import { together } from '../database/together.ts'
import type { Schema } from '../schema/schema.ts'
import type { MeasuredLevels } from './baseline-rows.ts'
import { dropLevels, enterLevels } from './enter-levels.ts'
import { type FindingSubject, subjectIdOf } from './finding-subject.ts'
import { isFollowed } from './follow-finding.ts'
import { followLatest, followAll } from './follow-subject.ts'
import type { SeenFinding, SeenFindings } from './finding-store.ts'

const ROWS_MAX = 100

export interface JudgedThing {
  /** Of the capture or the profile. */
  readonly id: string
  readonly kind: 'capture' | 'profile'
  /** When it was taken. */
  readonly atMs: number
  readonly subject: FindingSubject
  readonly seen: SeenFindings
  /** What a CPU profile of it measured; null without one. */
  readonly measured: MeasuredLevels | null
}

/**
 * Enters a judgement into the history of findings, in the commit that makes it ready. Entering it again replaces what it
 * said before. The row of the subject is changed each time, so that two workers cannot follow one subject at once.
 */
export async function enterFindings(trx: Transaction<Schema>, judged: JudgedThing): Promise<void> {
  const { id, atMs, kind, seen, measured } = judged
  const typesJson = JSON.stringify([...new Set(seen.types)].toSorted())
  const findings = withoutRepeats(seen.findings.filter(isFollowed))
  const observation = { id, atMs, types: seen.types, foldCount: 1 }
  const subjectId = subjectIdOf(judged.subject)
  const [[known], [subject]] = await together(trx, (run) =>
    Promise.all([run(observationOf(trx, id)), run(newestOf(trx, subjectId))]),
  )
  const isSame =
    known?.atMs === atMs && known.typesJson === typesJson && (await hasSightings(trx, id, findings))
  const isLatest = await putSubject(trx, judged, subject)
  if (measured !== null) await enterLevels(trx, { id, subjectId, atMs, measured })
  if (isSame) return
  if (known !== undefined) await removeObservation(trx, id)
  await trx
    .insertInto('findingObservation')
    .values({ id, subjectId, kind, atMs, typesJson })
    .execute()
  const sightings = findings.map((finding) => ({
    observationId: id,
    ...keyOf(finding),
    seenJson: JSON.stringify(finding),
  }))
  for (let first = 0; first < sightings.length; first += ROWS_MAX) {
    const rows = sightings.slice(first, first + ROWS_MAX)
    await trx.insertInto('findingSighting').values(rows).execute()
  }
  if (known === undefined && isLatest)
    await followLatest(trx, subjectId, { ...observation, findings })
  else await followAll(trx, subjectId)
}

/** Forgets judgements of what was deleted by hand: what they alone showed is gone. */
export async function dropFindings(
  trx: Transaction<Schema>,
  ids: readonly string[],
): Promise<void> {
  for (const id of ids) {
    const subjectId = await removeObservation(trx, id)
    await dropLevels(trx, id)
    if (subjectId !== null) await followAll(trx, subjectId)
  }
}

/** The key of a finding within its subject. */
function keyOf({ rule, group }: SeenFinding) {
  return { rule, groupName: group ?? '' }
}

/** A rule may find the same in several profiles of a capture; the first is the most severe. */
function withoutRepeats(findings: readonly SeenFinding[]): readonly SeenFinding[] {
  const sorted = findings.toSorted((a, b) => Number(a.isFolded) - Number(b.isFolded))
  return [...Map.groupBy(sorted, (finding) => JSON.stringify(keyOf(finding))).values()].flatMap(
    ([first]) => first ?? [],
  )
}

function observationOf(trx: Transaction<Schema>, id: string) {
  return trx.selectFrom('findingObservation').select(['atMs', 'typesJson']).where('id', '=', id)
}

function newestOf(trx: Transaction<Schema>, subjectId: string) {
  return trx
    .selectFrom('findingSubject')
    .select(['newestAtMs', 'newestId'])
    .where('id', '=', subjectId)
}

/** Whether these very findings were entered before: rules may change without another verdict. */
async function hasSightings(
  trx: Transaction<Schema>,
  id: string,
  findings: readonly SeenFinding[],
): Promise<boolean> {
  const rows = await trx
    .selectFrom('findingSighting')
    .select('seenJson')
    .where('observationId', '=', id)
    .execute()
  const texts = new Set(rows.map(({ seenJson }) => seenJson))
  return texts.size === findings.length && findings.every((one) => texts.has(JSON.stringify(one)))
}

/** Enters that this was observed of its subject. Returns whether nothing later was. */
async function putSubject(
  trx: Transaction<Schema>,
  { id, atMs, subject: { processKey, ...subject } }: JudgedThing,
  known: Pick<Selectable<Schema['findingSubject']>, 'newestAtMs' | 'newestId'> | undefined,
): Promise<boolean> {
  const { component, target, instance } = subject
  const subjectId = subjectIdOf({ ...subject, processKey })
  const newest = { newestAtMs: atMs, newestId: id }
  if (known === undefined) {
    await trx
      .insertInto('findingSubject')
      .values({ id: subjectId, ...subject, ...newest })
      .execute()
    return true
  }
  const isLatest = atMs > known.newestAtMs || (atMs === known.newestAtMs && id > known.newestId)
  await trx
    .updateTable('findingSubject')
    .set(isLatest ? { ...newest, component, target, instance } : { newestId: known.newestId })
    .where('id', '=', subjectId)
    .execute()
  return isLatest
}

/** Its subject; `null` when there was none. */
async function removeObservation(trx: Transaction<Schema>, id: string): Promise<string | null> {
  await trx.deleteFrom('findingSighting').where('observationId', '=', id).execute()
  const removed = await trx
    .deleteFrom('findingObservation')
    .where('id', '=', id)
    .returning('subjectId')
    .executeTakeFirst()
  return removed?.subjectId ?? null
}
