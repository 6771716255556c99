import type { Transaction } from 'kysely'
import { AppError, isId } from '../../api/index.ts'
import type { SqlStoreOptions } from '../database/sql-store-options.ts'
import { newId } from '../id.ts'
import type { Page, PageRequest } from '../page.ts'
import type { Schema } from '../schema/schema.ts'
import { countFacets } from './count-facets.ts'
import { findingTrend } from './finding-trend.ts'
import { matching, selectFindings, toFinding } from './finding-rows.ts'
import type {
  FindingAction,
  FindingFilter,
  FindingStore,
  StoredFinding,
  StoredFindingEvent,
} from './finding-store.ts'
import { levelOfRank } from './follow-finding.ts'

export function sqlFindingStore({ db, write, now }: SqlStoreOptions): FindingStore {
  const find = async (id: string) => {
    const row = await selectFindings(db, now()).where('finding.id', '=', id).executeTakeFirst()
    return row === undefined ? null : toFinding(row)
  }
  return {
    find,
    list: (filter, page) => listFindings({ db, now }, filter, page),
    facets: (filter) => countFacets(db, filter, now()),
    async listEvents(findingId) {
      const rows = await db
        .selectFrom('findingEvent')
        .leftJoin('findingObservation', 'findingObservation.id', 'findingEvent.observationId')
        .selectAll('findingEvent')
        .select('findingObservation.kind as placeKind')
        .where('findingId', '=', findingId)
        .orderBy('findingEvent.atMs', 'desc')
        .orderBy('findingEvent.id', 'desc')
        .execute()
      return rows.map(({ atMs, kind, level, actor, note, untilMs, ...row }): StoredFindingEvent => {
        const { observationId, placeKind } = row
        return {
          atMs,
          kind,
          level: levelOfRank(level),
          captureId: placeKind === 'capture' ? observationId : null,
          profileId: placeKind === 'profile' ? observationId : null,
          actor,
          note,
          untilMs,
        }
      })
    },
    trend: (id, limit) => findingTrend(db, id, limit),
    async act(id, action) {
      const outcome = await write((trx) => actOn(trx, { id, action }, now()))
      return outcome === 'done' ? find(id) : outcome
    },
  }
}

async function listFindings(
  { db, now }: Pick<SqlStoreOptions, 'db' | 'now'>,
  filter: FindingFilter,
  { limit, cursor }: PageRequest,
): Promise<Page<StoredFinding>> {
  const nowMs = now()
  let query = selectFindings(db, nowMs)
    .where(matching(filter, nowMs))
    .orderBy('finding.level', 'desc')
    .orderBy('finding.lastSeenAtMs', 'desc')
    .orderBy('finding.id', 'desc')
    .limit(limit + 1)
  if (cursor !== null) {
    const { level, atMs, id } = readCursor(cursor)
    query = query.where((where) =>
      where.or([
        where('finding.level', '<', level),
        where.and([where('finding.level', '=', level), where('finding.lastSeenAtMs', '<', atMs)]),
        where.and([
          where('finding.level', '=', level),
          where('finding.lastSeenAtMs', '=', atMs),
          where('finding.id', '<', id),
        ]),
      ]),
    )
  }
  const rows = await query.execute()
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return {
    items: rows.slice(0, limit).map(toFinding),
    nextCursor: last === undefined ? null : `${last.level}.${last.lastSeenAtMs}.${last.id}`,
  }
}

/** The last row of the page before: its rank, when it was last seen, and its id. */
function readCursor(cursor: string) {
  const [level, atMs, id = ''] = cursor.split('.')
  if (/^[0-2]$/.test(level ?? '') && /^-?\d{1,15}$/.test(atMs ?? '') && isId(id)) {
    return { level: Number(level), atMs: Number(atMs), id }
  }
  throw new AppError('REQUEST_INVALID', {
    message: 'The cursor does not belong to this list.',
    details: { parameter: 'cursor' },
  })
}

interface Act {
  readonly id: string
  readonly action: FindingAction
}

async function actOn(
  trx: Transaction<Schema>,
  { id, action }: Act,
  nowMs: number,
): Promise<'done' | 'resolved' | null> {
  const row = await trx
    .selectFrom('finding')
    .select(['level', 'lastSeenAtMs', 'resolvedAtMs'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (row === undefined) return null
  if (row.resolvedAtMs !== null) return 'resolved'
  const { kind, actor, note } = action
  const untilMs = kind === 'muted' ? action.untilMs : null
  // The clock of the machine that took the capture may be ahead.
  const atMs = Math.max(nowMs, row.lastSeenAtMs)
  await trx.updateTable('finding').set(changeOf(action, atMs)).where('id', '=', id).execute()
  const event = { id: newId(), findingId: id, atMs, kind, level: row.level, actor, note, untilMs }
  await trx
    .insertInto('findingEvent')
    .values({ ...event, observationId: null })
    .execute()
  return 'done'
}

function changeOf(action: FindingAction, atMs: number) {
  const { kind, actor, note } = action
  if (kind === 'acknowledged') return { acknowledgedAtMs: atMs, acknowledgedBy: actor, note }
  if (kind === 'muted') {
    const muted = { mutedUntilMs: action.untilMs, mutedBy: actor }
    return note === null ? muted : { ...muted, note }
  }
  const acknowledged = { acknowledgedAtMs: null, acknowledgedBy: null }
  return { ...acknowledged, note, mutedUntilMs: null, mutedBy: null }
}
