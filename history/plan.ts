import { AppError, type ProfileType, type Selector } from '../api/index.ts'
import type { HistoryRows, HistorySeries, PendingProfile } from '../store/index.ts'
import { GAP_MS } from '../profile/index.ts'
import type { HistoryOptions } from './options.ts'
import {
  alignSpan,
  chooseBlocks,
  type ChosenBlocks,
  DAY_MS,
  type PeriodMs,
  type PlannedBlock,
  type Span,
} from './tiers.ts'
import { compileSelector } from './selector.ts'

/** What is asked for: profiles of one space and type whose labels fit, in a span of time. */
export interface RangeRequest {
  readonly space: string
  readonly selector: Selector
  readonly type: ProfileType
  readonly fromMs: number
  /** Not included. */
  readonly toMs: number
  /** How long periods may be read as one; without it days. 0 where each profile is a point of its own. */
  readonly periodMs?: PeriodMs | undefined
}

/** No process is in two groups, so that each can be read for itself. */
export type InGroup<What> = What & { readonly group: number }

/** What must be read for a range, as a value that can go to another process. */
export interface RangePlan {
  readonly blocks: readonly InGroup<PlannedBlock>[]
  readonly pending: readonly InGroup<PendingProfile>[]
  readonly skippedIds: readonly string[]
  readonly series: readonly Pick<HistorySeries, 'id' | 'labels'>[]
  /** As asked for, or moved to where roll-ups begin and end if there is nothing else. */
  readonly fromMs: number
  readonly toMs: number
  /** How many profiles of the range a running rebuild has not read again yet: they count as they were, or are left out. */
  readonly staleCount: number
  /** Profiles whose values lie in ClickHouse; absent where history is in blocks. */
  readonly numbered?: NumberedMembers
}

/** Profiles of a range whose values lie in ClickHouse under numbers, and those before it that count as predecessors. */
export interface NumberedMembers {
  readonly series: readonly Pick<HistorySeries, 'id' | 'process'>[]
  readonly rows: readonly (readonly [
    profileId: string,
    series: number,
    atMs: number,
    number: number,
  ])[]
}

/** Types whose sample types may count since the start of the process. */
export const CUMULATIVE: ReadonlySet<ProfileType> = new Set<ProfileType>([
  'heap',
  'allocs',
  'block',
  'mutex',
  'unknown',
])
const MIB = 1024 * 1024

/**
 * Finds what a range must read. Throws RANGE_EMPTY, HISTORY_INCOMPLETE where ClickHouse alone has some of it, or
 * RANGE_TOO_LARGE where it is more than the settings allow.
 */
export async function planRange(
  rows: Pick<HistoryRows, 'series' | 'find'>,
  options: Pick<HistoryOptions, 'rangeBytesMax'>,
  { space, selector, type, periodMs = DAY_MS, ...asked }: RangeRequest,
): Promise<RangePlan> {
  const fits = compileSelector(selector)
  const series = (await rows.series(space)).filter((one) => one.type === type && fits(one.labels))
  const groupIds = [...new Set(series.map(({ groupId }) => groupId))]
  const beforeOf = ({ fromMs }: Span) => (CUMULATIVE.has(type) ? fromMs - GAP_MS : null)
  const find = (span: Span) =>
    Promise.all(
      groupIds.map((groupId) => rows.find({ groupId, ...span, beforeMs: beforeOf(span) })),
    )
  const found = await find({ fromMs: asked.fromMs, toMs: asked.toMs })
  const span = alignSpan(found, asked)
  const isAsked = span.fromMs === asked.fromMs && span.toMs === asked.toMs
  const parts = isAsked ? found : await find(span)
  refuseElsewhere(
    parts.reduce((sum, { elsewhereCount }) => sum + elsewhereCount, 0),
    'put into ClickHouse before history.kind was blocks',
  )
  const beforeMs = beforeOf(span)
  const chosen = parts.map((part) => chooseBlocks(part, { ...span, beforeMs }, periodMs))
  const planned = chosen.flatMap((one, group) => inGroup(one.planned, group))
  const staleCount = parts.reduce((sum, part) => sum + part.staleCount, 0)
  const pending = quicklyRead(
    chosen.flatMap((one, group) => inGroup(one.pending, group)),
    staleCount,
  )
  if (planned.length + pending.length === 0) throw emptyRange(type)
  refuseLarge(options, sizeOf(chosen), () => {
    const days = daysWithin(span)
    const wanted = { ...days, beforeMs: beforeOf(days) }
    return { ...days, sizeBytes: sizeOf(parts.map((part) => chooseBlocks(part, wanted, DAY_MS))) }
  })
  return {
    blocks: planned,
    pending,
    skippedIds: parts.flatMap(({ skippedIds }) => skippedIds),
    series: series.map(({ id, labels }) => ({ id, labels })),
    ...span,
    staleCount,
  }
}

export function inGroup<What extends object>(
  list: readonly What[],
  group: number,
): readonly InGroup<What>[] {
  return list.map((one) => ({ ...one, group }))
}

/** Reading so many files takes a few seconds. */
const FILES_MAX = 500

/** The files that a range reads: while a rebuild brings all profiles over from another kind of history, only the newest. */
export function quicklyRead<Pending extends PendingProfile>(
  pending: readonly Pending[],
  staleCount: number,
): readonly Pending[] {
  return staleCount === 0 ? pending : pending.slice(-FILES_MAX)
}

/** Refuses a range of which another kind of history has profiles; `how` says how they came there. */
export function refuseElsewhere(count: number, how: string): void {
  if (count === 0) return
  throw new AppError('HISTORY_INCOMPLETE', {
    message:
      `${count} profiles of the range were ${how}. ` +
      '`kubeprof history rebuild` brings over those whose files are left.',
  })
}

export function emptyRange(type: ProfileType): AppError {
  return new AppError('RANGE_EMPTY', {
    message: `History has no ${type} profile that the selector matches in this time.`,
  })
}

function sizeOf(chosen: readonly ChosenBlocks[]): number {
  return chosen.flatMap(({ blocks }) => blocks).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
}

/** The whole days (UTC) of a span, which are read from roll-ups; nothing of a shorter one. */
function daysWithin({ fromMs, toMs }: Span): Span {
  const firstMs = Math.ceil(fromMs / DAY_MS) * DAY_MS
  return { fromMs: firstMs, toMs: Math.max(firstMs, Math.floor(toMs / DAY_MS) * DAY_MS) }
}

function refuseLarge(
  { rangeBytesMax }: Pick<HistoryOptions, 'rangeBytesMax'>,
  sizeBytes: number,
  findWholeDays: () => Span & { readonly sizeBytes: number },
): void {
  if (sizeBytes <= rangeBytesMax) return
  const wholeDays = findWholeDays()
  const [found, most, ofDays] = [sizeBytes, rangeBytesMax, wholeDays.sizeBytes].map((bytes) =>
    (bytes / MIB).toFixed(1),
  )
  const areDaysFewer = wholeDays.fromMs < wholeDays.toMs && wholeDays.sizeBytes <= rangeBytesMax
  const [from, to] = [wholeDays.fromMs, wholeDays.toMs].map((ms) => new Date(ms).toISOString())
  throw new AppError('RANGE_TOO_LARGE', {
    message:
      `The range has ${found} MiB of blocks; history.rangeBytesMax allows ${most} MiB. ` +
      (areDaysFewer
        ? `In whole days (UTC), from ${from} to ${to}, it has ${ofDays} MiB; values over time need steps of a day then. Or choose `
        : 'Choose ') +
      'a shorter time or fewer targets, or raise that setting.',
    details: { setting: 'history.rangeBytesMax', sizeBytes, allowedBytes: rangeBytesMax },
  })
}
