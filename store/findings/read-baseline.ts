import type { Kysely } from 'kysely'
import type { UsualCores } from '../../api/index.ts'
import type { SeenFinding } from './finding-store.ts'
import type { Schema } from '../schema/schema.ts'
import type { StoredBaseline } from './baseline-rows.ts'

const HOUR_MS = 3600 * 1000
const DAY_MS = 24 * HOUR_MS
const RECENT_HOURS = 24
/** Of a process that is captured every few seconds, about two hours. */
const CAPTURES_MAX = 720
/** A rise that someone acknowledged and that went on for longer is what is normal by now. */
const ACCEPTED_MS = 14 * DAY_MS
/** Captures of one that ended are among the recent ones for as long. */
const OVER_MS_MAX = DAY_MS
const REGRESSION = 'x.regression'

/** What is known of a process before a capture. */
export async function readBaseline(
  db: Kysely<Schema>,
  {
    subjectId,
    id,
    atMs,
  }: { readonly subjectId: string; readonly id: string; readonly atMs: number },
): Promise<StoredBaseline> {
  const captures = await db
    .selectFrom('baselineCapture')
    .select(['id', 'atMs', 'version', 'levels'])
    .where('subjectId', '=', subjectId)
    .where('levels', 'is not', null)
    .where((where) =>
      where.or([
        where('atMs', '<', atMs),
        where.and([where('atMs', '=', atMs), where('id', '<', id)]),
      ]),
    )
    .orderBy('atMs', 'desc')
    .orderBy('id', 'desc')
    .limit(CAPTURES_MAX)
    .execute()
  const known = captures.flatMap(({ levels, ...row }) =>
    levels === null ? [] : [{ ...row, levels }],
  )
  const hours = await hoursBefore(
    db,
    subjectId,
    atMs,
    known.map(({ atMs: at }) => hourOf(at)),
  )
  return { atMs, captures: known.toReversed(), hours, open: await openRises(db, subjectId, atMs) }
}

/** The recent hours, those at this time of other days and weeks, and those that captures may become part of. */
async function hoursBefore(
  db: Kysely<Schema>,
  subjectId: string,
  atMs: number,
  ofCaptures: readonly number[],
) {
  const days = [1, 2, 3, 4, 5, 6, 7, 14, 21, 28]
  const seasons = days.flatMap((day) =>
    [-1, 0, 1].map((hour) => hourOf(atMs) - day * DAY_MS + hour * HOUR_MS),
  )
  const before = () =>
    db.selectFrom('baselineHour').where('subjectId', '=', subjectId).where('hourMs', '<', atMs)
  const recent = await before()
    .select('hourMs')
    .orderBy('hourMs', 'desc')
    .limit(RECENT_HOURS)
    .execute()
  const wanted = new Set([...recent.map(({ hourMs }) => hourMs), ...seasons, ...ofCaptures])
  return before()
    .select(['hourMs as atMs', 'version', 'levels'])
    .where('hourMs', 'in', [...wanted])
    .orderBy('hourMs')
    .execute()
}

function hourOf(atMs: number): number {
  return Math.floor(atMs / HOUR_MS) * HOUR_MS
}

async function openRises(db: Kysely<Schema>, subjectId: string, atMs: number) {
  const rows = await db
    .selectFrom('finding')
    .select(['groupName', 'seenJson', 'resolvedAtMs', 'acknowledgedAtMs', 'raisedAtMs'])
    .where('subjectId', '=', subjectId)
    .where('rule', '=', REGRESSION)
    .where((where) =>
      where.or([where('resolvedAtMs', 'is', null), where('resolvedAtMs', '>', atMs - OVER_MS_MAX)]),
    )
    .where('openedAtMs', '<', atMs)
    .orderBy('openedAtMs')
    .execute()
  return rows.flatMap(({ groupName, seenJson, resolvedAtMs, acknowledgedAtMs, raisedAtMs }) => {
    const { usual }: Pick<SeenFinding, 'usual'> = JSON.parse(seenJson)
    if (usual === undefined) return []
    const isAcknowledged = acknowledgedAtMs !== null && acknowledgedAtMs >= raisedAtMs
    if (isAcknowledged && usual.sinceMs <= atMs - ACCEPTED_MS) return []
    return [openRise(groupName, usual, resolvedAtMs !== null && resolvedAtMs < atMs)]
  })
}

function openRise(name: string, { cores, noise, sinceMs, version }: UsualCores, isOver: boolean) {
  return { name, cores, noise, sinceMs, version, isOver }
}
