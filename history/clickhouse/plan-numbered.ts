import { AppError } from '../../api/index.ts'
import { GAP_MS } from '../../profile/index.ts'
import type { HistoryRows, NumberedRows } from '../../store/index.ts'
import type { HistoryOptions } from '../options.ts'
import {
  CUMULATIVE,
  emptyRange,
  inGroup,
  quicklyRead,
  type RangePlan,
  type RangeRequest,
  refuseElsewhere,
} from '../plan.ts'
import { compileSelector } from '../selector.ts'

export interface NumberedPlanNeeds {
  readonly rows: Pick<HistoryRows, 'series'>
  readonly numbered: Pick<NumberedRows, 'find'>
  readonly options: Pick<HistoryOptions, 'clickhouseProfilesMax'>
}

/** Finds which profiles a range is about. Throws RANGE_EMPTY, RANGE_TOO_LARGE or HISTORY_INCOMPLETE. */
export async function planNumbered(
  { rows, numbered, options }: NumberedPlanNeeds,
  { space, selector, type, fromMs, toMs }: RangeRequest,
): Promise<RangePlan> {
  const fits = compileSelector(selector)
  const series = (await rows.series(space)).filter((one) => one.type === type && fits(one.labels))
  const isCumulative = CUMULATIVE.has(type)
  const groupIds = [...new Set(series.map(({ groupId }) => groupId))]
  const beforeMs = isCumulative ? fromMs - GAP_MS : null
  const parts = await Promise.all(
    groupIds.map((groupId) => numbered.find({ groupId, fromMs, toMs, beforeMs })),
  )
  // Growth is counted from the profile before, whatever labels that one has.
  const processes = new Set(series.map(({ process }) => process))
  const ids = new Set(series.map(({ id }) => id))
  const isNeeded = ({ seriesId, process }: { seriesId: string; process: string }) =>
    isCumulative ? processes.has(process) : ids.has(seriesId)
  const members = parts.flatMap((part) => part.members).filter(isNeeded)
  const staleCount = parts.reduce((sum, part) => sum + part.staleCount, 0)
  const pending = quicklyRead(
    parts.flatMap((part, group) => inGroup(part.pending, group)).filter(isNeeded),
    staleCount,
  )
  refuseElsewhere(
    parts.reduce((sum, { blockedCount }) => sum + blockedCount, 0),
    'packed into blocks before history.kind was clickhouse',
  )
  if (members.length + pending.length === 0) throw emptyRange(type)
  refuseLarge(members.length, options)
  const used = [...new Map(members.map(({ seriesId: id, process }) => [id, process]))]
  const indexOf = new Map(used.map(([id], index) => [id, index]))
  return {
    blocks: [],
    pending,
    skippedIds: [],
    series: series.map(({ id, labels }) => ({ id, labels })),
    fromMs,
    toMs,
    staleCount,
    numbered: {
      series: used.map(([id, process]) => ({ id, process })),
      rows: members.map(({ profileId, seriesId, atMs, number }) => [
        profileId,
        indexOf.get(seriesId) ?? 0,
        atMs,
        number,
      ]),
    },
  }
}

function refuseLarge(
  count: number,
  { clickhouseProfilesMax: most }: NumberedPlanNeeds['options'],
): void {
  if (count <= most) return
  throw new AppError('RANGE_TOO_LARGE', {
    message:
      `The range has ${count} profiles; history.clickhouseProfilesMax allows ${most}. ` +
      'Choose a shorter time or fewer targets, or raise that setting.',
    details: { setting: 'history.clickhouseProfilesMax', profileCount: count, allowedCount: most },
  })
}
