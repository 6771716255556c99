import type { Kysely, Transaction } from 'kysely'
import {
  countStale,
  hasCopy,
  isOfSpan,
  pendingOfSpan,
  pendingProfiles,
  profilesBefore,
} from './find-parts.ts'
import type { HistorySpan, PackingRules } from './history-rows.ts'
import type {
  NumberedClaim,
  NumberedKind,
  NumberedParts,
  NumberedProfile,
  NumberedRows,
} from './numbered-rows.ts'
import type { Schema } from '../schema/schema.ts'
import { inParts } from '../database/in-parts.ts'
import { releasePacking, takeLease } from './block-rows.ts'
import { dueChanges, giveUpMissing, takeStale, UNREADABLE } from './sql-packing.ts'
import type { SqlStoreOptions } from '../database/sql-store-options.ts'

const HOUR_MS = 3600 * 1000

export function sqlNumberedRows({ db, write, now }: SqlStoreOptions): NumberedRows {
  return {
    reserve: (kind, count, least = 1) => write((trx) => reserve(trx, { kind, count, least })),
    claim: (rules) => write((trx) => claim(trx, rules, now())),
    commit: (claimed, failedIds) => write((trx) => commit(trx, { claimed, failedIds }, now())),
    async release(claimed) {
      await write((trx) => releasePacking(trx, claimed))
    },
    async readAgain(numbers) {
      if (numbers.length > 0) await write((trx) => readAgain(trx, numbers, now()))
    },
    find: (span) => find(db, span),
    expire: (beforeMs, limit) => write((trx) => expire(trx, beforeMs, limit)),
  }
}

interface Reservation {
  readonly kind: NumberedKind
  readonly count: number
  readonly least: number
}

async function reserve(
  trx: Transaction<Schema>,
  { kind, count, least }: Reservation,
): Promise<number> {
  await trx
    .insertInto('historyCounter')
    .values({ name: kind, next: 1 })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  // The update before the read locks the row.
  await trx
    .updateTable('historyCounter')
    .set(({ eb }) => ({ next: eb('next', '+', count) }))
    .where('name', '=', kind)
    .execute()
  const { next } = await trx
    .selectFrom('historyCounter')
    .select('next')
    .where('name', '=', kind)
    .executeTakeFirstOrThrow()
  const first = Math.max(next - count, least)
  if (first + count > next) {
    await trx
      .updateTable('historyCounter')
      .set({ next: first + count })
      .where('name', '=', kind)
      .execute()
  }
  return first
}

async function claim(
  trx: Transaction<Schema>,
  rules: Omit<PackingRules, 'dayEndedBeforeMs'>,
  nowMs: number,
): Promise<NumberedClaim | null> {
  const due = await dueChanges(trx, rules, nowMs)
  if (due === undefined) return null
  const leaseToken = await takeLease(trx, due.groupId, nowMs + rules.leaseMs)
  await giveUpMissing(trx, due)
  await takeStale(trx, due, rules.pendingMax)
  const pending = await pendingProfiles(trx, due.groupId, 'number')
    .where('historyProfile.dayMs', '=', due.dayMs)
    .limit(rules.pendingMax)
    .execute()
  const dropped = await trx
    .selectFrom('historyProfile')
    .select(['profileId', 'seriesId', 'atMs'])
    .where('groupId', '=', due.groupId)
    .where('dayMs', '=', due.dayMs)
    .where('state', '=', 'dropped')
    .execute()
  const first = await reserve(trx, { kind: 'profile', count: pending.length, least: 1 })
  const touched = [...pending, ...dropped]
  return {
    groupId: due.groupId,
    leaseToken,
    pending: pending.map((profile, index) => ({ ...profile, number: first + index })),
    droppedIds: dropped.map(({ profileId }) => profileId),
    seriesIds: [...new Set(touched.map(({ seriesId }) => seriesId))],
    hours: [...new Set(touched.map(({ atMs }) => Math.floor(atMs / HOUR_MS) * HOUR_MS))],
  }
}

interface Commit {
  readonly claimed: NumberedClaim
  readonly failedIds: readonly string[]
}

async function commit(
  trx: Transaction<Schema>,
  { claimed, failedIds }: Commit,
  nowMs: number,
): Promise<boolean> {
  if (!(await releasePacking(trx, claimed))) return false
  const dropped = trx.deleteFrom('historyProfile').where('state', '=', 'dropped')
  await inParts(claimed.droppedIds, (ids) => dropped.where('profileId', 'in', ids).execute())
  for (const [state, becomes] of UNREADABLE) {
    const failed = trx
      .updateTable('historyProfile')
      .set({ state: becomes, changedAtMs: nowMs })
      .where('state', '=', state)
    await inParts(failedIds, (ids) => failed.where('profileId', 'in', ids).execute())
  }
  const isFailed = new Set(failedIds)
  // One that was deleted or read again meanwhile keeps its state, and is done next.
  for (const { profileId, number, decoderVersion } of claimed.pending) {
    if (isFailed.has(profileId)) continue
    await trx
      .updateTable('historyProfile')
      .set({ state: 'packed', number, blockId: null, changedAtMs: nowMs })
      .where('profileId', '=', profileId)
      .where('state', 'in', ['pending', 'replaced'])
      .where('decoderVersion', '=', decoderVersion)
      .execute()
  }
  return true
}

async function readAgain(
  trx: Transaction<Schema>,
  numbers: readonly number[],
  nowMs: number,
): Promise<void> {
  for (const number of numbers) {
    await trx
      .updateTable('historyProfile')
      .set({ state: 'replaced', changedAtMs: nowMs })
      .where('state', 'in', ['packed', 'stale'])
      .where('number', '=', number)
      .execute()
  }
}

async function find(db: Kysely<Schema>, span: HistorySpan): Promise<NumberedParts> {
  const { groupId, fromMs, toMs } = span
  const before = await profilesBefore(db, span)
  const beforeIds = before.flatMap((one) => (hasCopy(one, 'number') ? one.profileId : []))
  const pending = await pendingOfSpan(db, { ...span, copy: 'number' }, before)
  const rows = await db
    .selectFrom('historyProfile')
    .innerJoin('historySeries', 'historySeries.id', 'historyProfile.seriesId')
    .select([
      'historyProfile.profileId',
      'historyProfile.seriesId',
      'historySeries.process',
      'historyProfile.atMs',
      'historyProfile.number',
      'historyProfile.state',
    ])
    .where('historyProfile.groupId', '=', groupId)
    .where('historyProfile.state', 'in', ['packed', 'stale'])
    .where(isOfSpan({ fromMs, toMs }, beforeIds))
    .orderBy('historyProfile.atMs')
    .orderBy('historyProfile.profileId')
    .execute()
  const members = rows.flatMap(({ number, ...row }): NumberedProfile[] =>
    number === null ? [] : [{ ...row, number }],
  )
  const isBlocked = ({ state, number }: (typeof rows)[number]) =>
    state === 'packed' && number === null
  const blockedCount = rows.filter(isBlocked).length
  return { members, pending, blockedCount, staleCount: await countStale(db, span) }
}

export function oldNumberedQuery(db: Kysely<Schema>, beforeMs: number) {
  return db
    .selectFrom('historyProfile')
    .select('profileId')
    .where('state', 'in', ['packed', 'stale'])
    .where('number', 'is not', null)
    .where('atMs', '<', beforeMs)
}

async function expire(trx: Transaction<Schema>, beforeMs: number, limit: number): Promise<number> {
  const old = await oldNumberedQuery(trx, beforeMs).limit(limit).execute()
  const ids = old.map(({ profileId }) => profileId)
  // Of profiles whose files are there a row stays, so that they do not enter again.
  await inParts(ids, (some) =>
    trx
      .updateTable('historyProfile')
      .set({ state: 'expired', number: null })
      .where('profileId', 'in', some)
      .where('profileId', 'in', (query) => query.selectFrom('profile').select('profile.id'))
      .execute(),
  )
  await inParts(ids, (some) =>
    trx
      .deleteFrom('historyProfile')
      .where('profileId', 'in', some)
      .where('state', '!=', 'expired')
      .execute(),
  )
  return ids.length
}
