import type { Kysely } from 'kysely'
import { isOfSpace } from '../database/of-space.ts'
import { STARTED_AT } from './capture-rows.ts'
import type { EventFilter } from './event-filter.ts'
import type { Schema } from '../schema/schema.ts'

/** What a process served while a capture was taken, or from the capture before it. */
export interface RequestGrowth {
  /** As HistorySeries has it. */
  readonly process: string
  readonly metric: string
  /** As long before the capture began as its count is of; one time where nothing is known of it: the first of a process. */
  readonly fromMs: number
  /** When the capture began. */
  readonly toMs: number
  readonly count: number
}

const CAPTURES_MAX = 50_000
/** A capture that took longer was described by hand, or waited for a process that did not answer. */
const CAPTURE_MS_MAX = 15 * 60 * 1000
/** Start times are read from a metric in seconds. */
const START_TOLERANCE_MS = 2000

/**
 * What was served while a capture was taken says most about its profiles; a capture without a page from before them has
 * what was served since the capture before. By time; from captures before the span on, because growth into it begins
 * there. One of no known time, as an upload may be, says nothing. A restart is no growth: both captures must know when their process was started, and agree. After more than
 * `gapMsMax` what came between says nothing about the time of the later one. Captures after the newest 50,000 are not
 * looked at.
 */
export async function requestGrowth(
  db: Kysely<Schema>,
  { space, targets, fromMs, toMs }: EventFilter,
  gapMsMax: number,
): Promise<readonly RequestGrowth[]> {
  if (targets.length === 0) return []
  const rows = await db
    .selectFrom('capture')
    .select([
      'target',
      'cluster',
      'instance',
      'requestMetric',
      'requestCount',
      'requestCountBefore',
    ])
    .select(['processStartedAtMs', 'finishedAtMs', STARTED_AT.as('atMs')])
    .where(isOfSpace('capture', space))
    .where('target', 'in', [...targets])
    .where('deletedAtMs', 'is', null)
    .where('requestCount', 'is not', null)
    .where('startedAtMs', 'is not', null)
    .where(STARTED_AT, '>=', fromMs - gapMsMax)
    .where(STARTED_AT, '<', toMs)
    .orderBy(STARTED_AT, 'desc')
    .orderBy('id', 'desc')
    .limit(CAPTURES_MAX)
    .execute()
  const counts = rows.toReversed().map(({ target, cluster, instance, ...row }): Count => ({
    process: JSON.stringify([target, cluster, instance]),
    ...row,
  }))
  return [...Map.groupBy(counts, ({ process }) => process).values()]
    .flatMap((own) =>
      own.flatMap(
        (count, row) => growthDuring(count) ?? growthBetween(own[row - 1], count, gapMsMax),
      ),
    )
    .toSorted((a, b) => a.toMs - b.toMs)
}

interface Count {
  readonly process: string
  readonly requestMetric: string | null
  readonly requestCount: number | null
  readonly requestCountBefore: number | null
  readonly finishedAtMs: number | null
  readonly processStartedAtMs: number | null
  readonly atMs: number
}

function growthDuring(count: Count): RequestGrowth | null {
  const {
    process,
    requestMetric: metric,
    requestCount,
    requestCountBefore,
    atMs,
    finishedAtMs,
  } = count
  if (metric === null || requestCount === null || requestCountBefore === null) return null
  const tookMs = (finishedAtMs ?? atMs) - atMs
  const served = requestCount - requestCountBefore
  if (served < 0 || tookMs <= 0 || tookMs > CAPTURE_MS_MAX) return null
  return { process, metric, fromMs: atMs - tookMs, toMs: atMs, count: served }
}

function growthBetween(
  before: Count | undefined,
  after: Count,
  gapMsMax: number,
): readonly RequestGrowth[] {
  const { process, requestMetric: metric, atMs } = after
  if (metric === null) return []
  const unknown = [{ process, metric, fromMs: atMs, toMs: atMs, count: 0 }]
  if (before === undefined || before.requestMetric !== metric) return unknown
  const [from, to] = [before.processStartedAtMs, after.processStartedAtMs]
  const isSame = from !== null && to !== null && Math.abs(to - from) <= START_TOLERANCE_MS
  const count = (after.requestCount ?? 0) - (before.requestCount ?? 0)
  const gapMs = after.atMs - before.atMs
  if (!isSame || count < 0 || gapMs <= 0 || gapMs > gapMsMax) return unknown
  return [{ process, metric, fromMs: before.atMs, toMs: atMs, count }]
}
