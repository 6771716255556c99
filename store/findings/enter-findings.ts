import type { Kysely, Selectable, Transaction } from 'kysely'
import { type Batch, together } from '../database/together.ts'
import type { Schema } from '../schema/schema.ts'
import type { MeasuredLevels } from './baseline-rows.ts'
import { dropLevels, enterLevels } from './enter-levels.ts'
import { type FindingSubject, subjectIdOf } from './finding-subject.ts'
import { isFollowed } from './follow-finding.ts'
import { findingsOf, type FindingRow, followLatest, followAll } from './follow-subject.ts'
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

/** What was known of a subject, and of this very thing, before. */
export interface FollowedBefore {
  readonly subjectId: string
  readonly observation: Pick<Selectable<Schema['findingObservation']>, 'atMs' | 'typesJson'> | null
  readonly subject: Pick<Selectable<Schema['findingSubject']>, 'newestAtMs' | 'newestId'> | null
  readonly findings: readonly FindingRow[]
}

export async function readFollowed(
  { db, run }: Batch,
  { id, subject }: Pick<JudgedThing, 'id' | 'subject'>,
): Promise<FollowedBefore> {
  const subjectId = subjectIdOf(subject)
  const [[observation = null], [newest = null], findings] = await Promise.all([
    run(observationOf(db, id)),
    run(newestOf(db, subjectId)),
    run(findingsOf(db, subjectId)),
  ])
  return { subjectId, observation, subject: newest, findings }
}

/**
 * Enters a judgement into the history of findings, in the commit that makes it ready. Entering it again replaces what it
 * said before. The row of the subject is changed each time, so that two workers cannot follow one subject at once.
 */
export async function enterFindings(
  batch: Batch,
  judged: JudgedThing,
  before: FollowedBefore,
): Promise<void> {
  const { db, send } = batch
  const { id, atMs, kind, seen, measured } = judged
  const { subjectId, observation: known } = before
  const typesJson = JSON.stringify([...new Set(seen.types)].toSorted())
  const findings = withoutRepeats(seen.findings.filter(isFollowed))
  const observation = { id, atMs, types: seen.types, foldCount: 1 }
  const isSame =
    known?.atMs === atMs &&
    known.typesJson === typesJson &&
    (await hasSightings(batch, id, findings))
  const isLatest = putSubject(batch, judged, before)
  if (measured !== null) await enterLevels(batch, { id, subjectId, atMs, measured })
  if (isSame) return
  if (known !== null) await removeObservation(batch, id)
  send(db.insertInto('findingObservation').values({ id, subjectId, kind, atMs, typesJson }))
  const sightings = findings.map((finding) => ({
    observationId: id,
    ...keyOf(finding),
    seenJson: JSON.stringify(finding),
  }))
  for (let first = 0; first < sightings.length; first += ROWS_MAX) {
    send(db.insertInto('findingSighting').values(sightings.slice(first, first + ROWS_MAX)))
  }
  const isNext = known === null && isLatest
  if (isNext) {
    await followLatest(batch, { subjectId, rows: before.findings }, { ...observation, findings })
  } else await followAll(batch, subjectId)
}

/** Forgets judgements of what was deleted by hand: what they alone showed is gone. */
export async function dropFindings(
  trx: Transaction<Schema>,
  ids: readonly string[],
): Promise<void> {
  await together(trx, async (batch) => {
    for (const id of ids) {
      const subjectId = await removeObservation(batch, id)
      dropLevels(batch, id)
      if (subjectId !== null) await followAll(batch, subjectId)
    }
  })
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

function observationOf(db: Kysely<Schema>, id: string) {
  return db.selectFrom('findingObservation').select(['atMs', 'typesJson']).where('id', '=', id)
}

function newestOf(db: Kysely<Schema>, subjectId: string) {
  return db
    .selectFrom('findingSubject')
    .select(['newestAtMs', 'newestId'])
    .where('id', '=', subjectId)
}

/** Whether these very findings were entered before: rules may change without another verdict. */
async function hasSightings(
  { db, run }: Batch,
  id: string,
  findings: readonly SeenFinding[],
): Promise<boolean> {
  const rows = await run(
    db.selectFrom('findingSighting').select('seenJson').where('observationId', '=', id),
  )
  const texts = new Set(rows.map(({ seenJson }) => seenJson))
  return texts.size === findings.length && findings.every((one) => texts.has(JSON.stringify(one)))
}

/** Enters that this was observed of its subject. Returns whether nothing later was. */
function putSubject(
  { db, send }: Batch,
  { id, atMs, subject }: JudgedThing,
  { subjectId, subject: known }: FollowedBefore,
): boolean {
  const { space, cluster, component, target, instance } = subject
  const newest = { newestAtMs: atMs, newestId: id }
  if (known === null) {
    const columns = { space, cluster, component, target, instance }
    send(db.insertInto('findingSubject').values({ id: subjectId, ...columns, ...newest }))
    return true
  }
  const isLatest = atMs > known.newestAtMs || (atMs === known.newestAtMs && id > known.newestId)
  send(
    db
      .updateTable('findingSubject')
      .set(isLatest ? { ...newest, component, target, instance } : { newestId: known.newestId })
      .where('id', '=', subjectId),
  )
  return isLatest
}

/** Its subject; `null` when there was none. */
async function removeObservation({ db, run, send }: Batch, id: string): Promise<string | null> {
  send(db.deleteFrom('findingSighting').where('observationId', '=', id))
  const [removed] = await run(
    db.deleteFrom('findingObservation').where('id', '=', id).returning('subjectId'),
  )
  return removed?.subjectId ?? null
}
