import type { HistoryRows, NumberedClaim, NumberedRows } from '../../store/index.ts'
import type { HistoryStore } from '../history-store.ts'
import type { NumberedContent, NumberedInput } from '../numbered/pack-numbered.ts'
import type { HistoryOptions } from '../options.ts'
import { packingRules } from '../packing-rules.ts'
import { DAY_MS, HOUR_MS } from '../tiers.ts'
import type { ClickhouseConnection } from './connection.ts'
import {
  type ContentNumbers,
  insertContent,
  newestNumber,
  openContentNumbers,
} from './insert-content.ts'
import type { ClickhouseDatabase } from './open-database.ts'
import { planNumbered } from './plan-numbered.ts'
import { repairHours } from './repair-hours.ts'

const EXPIRED_MAX = 5000

export interface ClickhouseHistoryNeeds {
  readonly rows: Pick<HistoryRows, 'series' | 'addMissing' | 'rebuild'>
  readonly numbered: NumberedRows
  readonly database: ClickhouseDatabase
  readonly options: HistoryOptions
  /** `packNumbered`, wherever it runs. */
  readonly pack: (input: NumberedInput) => Promise<NumberedContent>
  readonly now: () => number
}

/**
 * History in ClickHouse. Rows say which profiles count, and under which numbers; what ClickHouse has beyond these counts
 * nowhere. A crash at any point loses nothing and counts nothing twice: values come first, then the rows.
 */
export function openClickhouseHistory(needs: ClickhouseHistoryNeeds): HistoryStore {
  const { rows, numbered, database, options, now } = needs
  let numbers: ContentNumbers | null = null
  return {
    plan: (request) => planNumbered({ rows, numbered, options }, request),
    series: (space) => rows.series(space),
    append: (look) => rows.addMissing(look),
    async compact() {
      const clickhouse = await database.ready()
      numbers ??= await openNumbers(clickhouse, numbered)
      const claim = await numbered.claim(packingRules(options))
      if (claim === null) return false
      try {
        const failedIds = await write(needs, { clickhouse, numbers, claim })
        await numbered.commit(claim, failedIds)
      } catch (error) {
        // Others of the group need not wait until the lease ends.
        await numbered.release(claim)
        throw error
      }
      return true
    },
    async expire() {
      const { retentionDays } = options
      return retentionDays === 0 ? 0 : numbered.expire(now() - retentionDays * DAY_MS, EXPIRED_MAX)
    },
    rebuild: () => rows.rebuild(),
  }
}

/** Rows of an older backup do not know which numbers were given out since. */
async function openNumbers(
  clickhouse: ClickhouseConnection,
  numbered: NumberedRows,
): Promise<ContentNumbers> {
  for (const kind of ['profile', 'stack', 'frame'] as const) {
    await numbered.reserve(kind, 0, 1 + (await newestNumber(clickhouse, kind)))
  }
  return openContentNumbers(clickhouse, numbered)
}

interface Write {
  readonly clickhouse: ClickhouseConnection
  readonly numbers: ContentNumbers
  readonly claim: NumberedClaim
}

/** Writes the profiles of a claim, and puts the hours right that it touches. Returns the ids that cannot be written. */
async function write(
  { numbered, options, pack, now }: ClickhouseHistoryNeeds,
  { clickhouse, numbers, claim }: Write,
): Promise<readonly string[]> {
  const { groupId, pending, seriesIds, hours } = claim
  const content = pending.length === 0 ? EMPTY : await pack({ pending })
  await insertContent(clickhouse, numbers, content)
  const { members } = await numbered.find({
    groupId,
    fromMs: Math.min(...hours),
    toMs: Math.max(...hours) + HOUR_MS,
    beforeMs: null,
  })
  const isTouched = new Set(hours)
  const isOfSeries = new Set(seriesIds)
  const isFailed = new Set(content.failedIds)
  const isNew = new Set(pending.map(({ profileId }) => profileId))
  const wanted = [
    ...members.filter(({ profileId }) => !isNew.has(profileId)),
    ...pending.filter(({ profileId }) => !isFailed.has(profileId)),
  ].filter(
    ({ atMs, seriesId }) =>
      isTouched.has(Math.floor(atMs / HOUR_MS) * HOUR_MS) && isOfSeries.has(seriesId),
  )
  const lacking = new Set(await repairHours(clickhouse, options, { seriesIds, hours, wanted }))
  // ClickHouse deletes what is too old by itself; `expire` has the rows forget it.
  const oldestMs = options.retentionDays === 0 ? 0 : now() - options.retentionDays * DAY_MS
  const lost = wanted.filter(({ number, atMs }) => lacking.has(number) && atMs >= oldestMs)
  // Of these the rows are read again from the files.
  await numbered.readAgain(lost.map(({ number }) => number))
  if (lost.some(({ profileId }) => isNew.has(profileId))) {
    throw new Error('ClickHouse does not have what was written to it')
  }
  return content.failedIds
}

const EMPTY: NumberedContent = { failedIds: [], parts: [] }
