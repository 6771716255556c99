import type { Kysely, Selectable } from 'kysely'
import type { Batch } from '../database/together.ts'
import type { SeenFinding } from './finding-store.ts'
import type { Schema } from '../schema/schema.ts'
import type { StoredBaseline } from './baseline-rows.ts'

const HOUR_MS = 3600 * 1000
const DAY_MS = 24 * HOUR_MS
const RECENT_HOURS = 24
/** How many days ago the same time of day says what is usual. */
const SEASON_DAYS = [1, 2, 3, 4, 5, 6, 7, 14, 21, 28]
/** Of a process that is captured every few seconds, about two hours. */
const CAPTURES_MAX = 720
/** A rise that someone acknowledged and that went on for longer is what is normal by now. */
const ACCEPTED_MS = 14 * DAY_MS
/** Captures of one that ended are among the recent ones for as long. */
const OVER_MS_MAX = DAY_MS
const REGRESSION = 'x.regression'

interface Moment {
  readonly subjectId: string
  /** Of the capture or the profile. */
  readonly id: string
  readonly atMs: number
}

/** What is known of a process before a capture. */
export async function readBaseline({ db, run }: Batch, moment: Moment): Promise<StoredBaseline> {
  const [captures, hours, rises] = await Promise.all([
    run(capturesBefore(db, moment)),
    run(hoursBefore(db, moment)),
    run(risesBefore(db, moment)),
  ])
  const known = captures.flatMap(({ levels, ...row }) =>
    levels === null ? [] : [{ ...row, levels }],
  )
  const { atMs } = moment
  return { atMs, captures: known.toReversed(), hours, open: openRises(rises, atMs) }
}

function capturesBefore(db: Kysely<Schema>, { subjectId, id, atMs }: Moment) {
  return db
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
}

/** The recent hours, those at this time of other days and weeks, and those that captures may become part of. */
function hoursBefore(db: Kysely<Schema>, moment: Moment) {
  const { subjectId, atMs } = moment
  const before = () =>
    db.selectFrom('baselineHour').where('subjectId', '=', subjectId).where('hourMs', '<', atMs)
  const recent = before().select('hourMs').orderBy('hourMs', 'desc').limit(RECENT_HOURS)
  const ofCaptures = db
    .selectFrom(capturesBefore(db, moment).as('capture'))
    .select(({ eb }) => eb('atMs', '-', eb('atMs', '%', HOUR_MS)).as('hourMs'))
  return before()
    .select(['hourMs as atMs', 'version', 'levels'])
    .where((where) =>
      where.or([
        ...SEASON_DAYS.map((day) => {
          const hourMs = hourOf(atMs) - day * DAY_MS
          return where.between('hourMs', hourMs - HOUR_MS, hourMs + HOUR_MS)
        }),
        where('hourMs', 'in', ofCaptures),
        where('hourMs', 'in', recent),
      ]),
    )
    .orderBy('hourMs')
}

function hourOf(atMs: number): number {
  return Math.floor(atMs / HOUR_MS) * HOUR_MS
}

function risesBefore(db: Kysely<Schema>, { subjectId, atMs }: Moment) {
  return db
    .selectFrom('finding')
    .select(['groupName', 'seenJson', 'resolvedAtMs', 'acknowledgedAtMs', 'raisedAtMs'])
    .where('subjectId', '=', subjectId)
    .where('rule', '=', REGRESSION)
    .where((where) =>
      where.or([where('resolvedAtMs', 'is', null), where('resolvedAtMs', '>', atMs - OVER_MS_MAX)]),
    )
    .where('openedAtMs', '<', atMs)
    .orderBy('openedAtMs')
}

type RiseRow = Pick<
  Selectable<Schema['finding']>,
  'groupName' | 'seenJson' | 'resolvedAtMs' | 'acknowledgedAtMs' | 'raisedAtMs'
>

function openRises(rows: readonly RiseRow[], atMs: number) {
  return rows.flatMap(({ groupName, seenJson, resolvedAtMs, acknowledgedAtMs, raisedAtMs }) => {
    const { usual }: Pick<SeenFinding, 'usual'> = JSON.parse(seenJson)
    if (usual === undefined) return []
    const isAcknowledged = acknowledgedAtMs !== null && acknowledgedAtMs >= raisedAtMs
    if (isAcknowledged && usual.sinceMs <= atMs - ACCEPTED_MS) return []
    const isOver = resolvedAtMs !== null && resolvedAtMs < atMs
    return [{ ...usual, name: groupName, endedAtMs: isOver ? resolvedAtMs : null }]
  })
}
