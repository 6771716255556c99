import type { HistoryBlock, HistoryParts } from '../store/index.ts'

/** The shortest roll-ups that there are, in ClickHouse. */
export const FINE_MS = 300_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000

/** A block to read, and the days (UTC) in it that count; null for all. */
export interface PlannedBlock {
  readonly blobKey: HistoryBlock['blobKey']
  readonly sizeBytes: number
  readonly days: readonly number[] | null
}

export interface Span {
  readonly fromMs: number
  /** Not included. */
  readonly toMs: number
}

/** From how long roll-ups a question can be answered: 0 where each profile is a point of its own. */
export type PeriodMs = 0 | typeof HOUR_MS | typeof DAY_MS

/** Steps of whole hours or days begin with these (UTC), so that roll-ups have what they need. */
export function periodOfStep(stepMs: number | null): PeriodMs {
  if (stepMs === null) return 0
  if (stepMs % DAY_MS === 0) return DAY_MS
  return stepMs % HOUR_MS === 0 ? HOUR_MS : 0
}

/** When the first step begins: steps of whole 5 minutes begin with these (UTC), others where the range does. */
export function startOfSteps(fromMs: number, stepMs: number): number {
  return stepMs % FINE_MS === 0 ? Math.floor(fromMs / stepMs) * stepMs : fromMs
}

/** What of a day a range reads. */
type Tier = 'full' | 'hour' | 'day'

export interface ChosenBlocks {
  readonly blocks: readonly HistoryBlock[]
  readonly planned: readonly PlannedBlock[]
  readonly pending: HistoryParts['pending']
}

/**
 * The span with its ends moved to the hours or days that are left where the profiles themselves are forgotten, so that
 * what is summed is exact for the span that the answer names.
 */
export function alignSpan(parts: readonly HistoryParts[], { fromMs, toMs }: Span): Span {
  const ends = parts.flatMap((part) => {
    const first = leftOf(part, dayOf(fromMs))
    const last = leftOf(part, dayOf(toMs - 1))
    return { fromMs: floorTo(fromMs, first), toMs: -floorTo(-toMs, last) }
  })
  return {
    fromMs: ends.reduce((least, end) => Math.min(least, end.fromMs), fromMs),
    toMs: ends.reduce((most, end) => Math.max(most, end.toMs), toMs),
  }
}

/** The shortest period in which the day can be read. */
function leftOf({ blocks, rollUps, days }: HistoryParts, dayMs: number): number {
  if (blocks.some((block) => block.dayMs === dayMs)) return 1
  if (rollUps.some(({ level, dayMs: ofMs }) => level === 'hour' && ofMs === dayMs)) return HOUR_MS
  return days.some((day) => day.dayMs === dayMs && day.isRolledUp) ? DAY_MS : 1
}

/**
 * What to read of a group for a span: whole days from the block of their month, days that begin or end on an hour from
 * their hours, others from the profiles themselves; `before` is how long before the span a profile matters. Each day
 * comes from one tier, so nothing counts twice.
 */
export function chooseBlocks(
  parts: HistoryParts,
  span: Span & { readonly beforeMs: number | null },
  periodMs: PeriodMs,
): ChosenBlocks {
  const { blocks, rollUps, pending } = parts
  const firstMs = dayOf(span.beforeMs ?? span.fromMs)
  const dayTimes = new Set([...blocks, ...parts.days].map(({ dayMs }) => dayMs))
  const tierOf = new Map(
    [...dayTimes]
      .filter((dayMs) => dayMs >= firstMs && dayMs < span.toMs)
      .map((dayMs) => [dayMs, chooseTier(parts, { ...span, dayMs }, periodMs)]),
  )
  const isBefore = new Set(parts.beforeIds)
  const profiles = blocks.filter(
    ({ id, fromMs, lastMs }) => isBefore.has(id) || (lastMs >= span.fromMs && fromMs < span.toMs),
  )
  const chosen = [...profiles, ...rollUps].flatMap((block) => {
    const days = daysIn(block, tierOf)
    return days.length === 0 ? [] : [{ block, days }]
  })
  return {
    blocks: chosen.map(({ block }) => block),
    planned: chosen.map(({ block: { blobKey, level, sizeBytes }, days }) => ({
      blobKey,
      sizeBytes,
      days: level === 'day' ? days : null,
    })),
    pending: pending.filter(({ atMs }) => (tierOf.get(dayOf(atMs)) ?? 'full') === 'full'),
  }
}

/** The days of a block that come from its level. */
function daysIn({ level, dayMs }: HistoryBlock, tierOf: ReadonlyMap<number, Tier>): number[] {
  const days = level === 'day' ? [...tierOf.keys()].filter(isInMonth(dayMs)) : [dayMs]
  return days.filter((day) => (tierOf.get(day) ?? 'full') === level)
}

function isInMonth(monthMs: number): (dayMs: number) => boolean {
  const month = new Date(monthMs)
  const endMs = Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1)
  return (dayMs) => dayMs >= monthMs && dayMs < endMs
}

function chooseTier(
  parts: HistoryParts,
  { dayMs, fromMs, toMs }: Span & { readonly dayMs: number },
  periodMs: PeriodMs,
): Tier {
  const hasProfiles = parts.blocks.some((block) => block.dayMs === dayMs)
  const hasHours = parts.rollUps.some((one) => one.level === 'hour' && one.dayMs === dayMs)
  const day = parts.days.find((one) => one.dayMs === dayMs)
  const isChanging = day === undefined || day.isChanging
  const isBefore = dayMs + DAY_MS <= fromMs
  const isWhole = isBefore || (dayMs >= fromMs && dayMs + DAY_MS <= toMs)
  const isOnHours = isWhole || [fromMs, toMs].every((endMs) => isOnHour(endMs, dayMs))
  if (hasProfiles && isChanging) return 'full'
  const isInDays = day?.isRolledUp === true && isWhole
  const hasFiner = hasProfiles || hasHours
  if (isInDays && (isBefore || periodMs === DAY_MS || !hasFiner)) return 'day'
  if (hasHours && isOnHours && (isBefore || periodMs >= HOUR_MS || !hasProfiles)) return 'hour'
  return 'full'
}

/** Whether an end of the span does not cut an hour of the day. */
function isOnHour(endMs: number, dayMs: number): boolean {
  return endMs <= dayMs || endMs >= dayMs + DAY_MS || endMs % HOUR_MS === 0
}

function dayOf(atMs: number): number {
  return Math.floor(atMs / DAY_MS) * DAY_MS
}

function floorTo(atMs: number, periodMs: number): number {
  return Math.floor(atMs / periodMs) * periodMs
}
