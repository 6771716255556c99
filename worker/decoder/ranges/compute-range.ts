import { gzipSync } from 'node:zlib'
import { type RangeSummary, staleNote } from '../../../api/index.ts'
import {
  type RangePlan,
  type ReadBlobs,
  requestRate,
  type SummedRange,
} from '../../../history/index.ts'
import {
  addLabelFrames,
  diffProfiles,
  encodeProfile,
  mergeProfiles,
  type View,
  type ViewQuery,
} from '../../../profile/index.ts'
import type { RuleSet } from '../../../diagnosis/index.ts'
import type { AnswerHistory } from '../../pool/history-relay.ts'
import type { DecoderHandlers, DecoderTask, RangeTask } from '../../pool/decoder-task.ts'
import { DRAW, openQueried } from '../views/compute-view.ts'
import { packColumns } from '../pack-columns.ts'
import { sampleChoice } from './sample-choice.ts'
import { openSummedRanges, type SummedRanges, type SumQuery } from './summed-ranges.ts'
import { refusingQueries } from '../view-errors.ts'

const AGGREGATIONS = { interval: 'sum', snapshot: 'average', cumulative: 'increase' } as const
const MOVERS = 20
const NS_PER_SECOND = 1e9

type RangeHandlers = Pick<
  DecoderHandlers,
  | 'rangeTop'
  | 'rangeFlame'
  | 'rangePeek'
  | 'rangeTree'
  | 'rangeGraph'
  | 'rangeRaw'
  | 'rangeColumns'
  | 'rangeSeries'
  | 'rangeMovers'
>

/** Views of ranges. They throw PATTERN_INVALID, VIEW_INVALID, BLOB_MISSING or BLOB_CORRUPT. */
export function rangeHandlers(
  blobs: ReadBlobs,
  answerHistory: AnswerHistory,
  ruleSet: RuleSet,
): RangeHandlers {
  const ranges = openSummedRanges(blobs, answerHistory)
  const drawn = <Query extends ViewQuery & SumQuery, Reply extends object>(
    draw: (view: View, query: Query) => Reply,
  ) =>
    refusingQueries(async ({ plan, query }: RangeTask<Query>) => {
      const sum = await ranges.sum(plan, query)
      const roots = [query.by ?? [], query.tr ?? []].flat().join(',')
      const view = openQueried(sum.repaired(), { ...query, si: sum.type, tr: roots })
      return { ...draw(view, query), range: summaryOf(plan, sum) }
    })
  return {
    rangeTop: drawn(DRAW.top),
    rangeFlame: drawn(DRAW.flame),
    rangeTree: drawn(DRAW.tree),
    rangeGraph: drawn(DRAW.graph),
    rangePeek: drawn((view, { function: q }: DecoderTask<'rangePeek'>['query']) =>
      DRAW.peek(view, { q }),
    ),
    rangeRaw: refusingQueries(async ({ plan, query }) => {
      const { profile } = await ranges.sum(plan, query)
      const comments = [profile.comments, staleNote(plan.staleCount) ?? []].flat()
      return gzipSync(encodeProfile({ ...mergeProfiles([profile]), comments }))
    }),
    rangeColumns: refusingQueries(async ({ plan, query }) => {
      const sum = await ranges.sum(plan, query)
      const { by } = query
      // A root that is no frame of Go would hide where Go cut a stack, so that repair comes first.
      const profile =
        by === undefined
          ? sum.profile
          : addLabelFrames(sum.repaired(), { rootKeys: [by], leafKeys: [], unit: '' })
      return packColumns(profile)
    }),
    rangeSeries: refusingQueries((task) => series(ranges, ruleSet, task)),
    rangeMovers: refusingQueries((task) => movers(ranges, task)),
  }
}

async function series(
  ranges: SummedRanges,
  ruleSet: RuleSet,
  { plan, query, requests }: DecoderTask<'rangeSeries'>,
) {
  const { si = '', by = null, step } = query
  const stepMs = step === undefined ? null : step * 1000
  const choice = sampleChoice(query, plan, ruleSet)
  const rateOf = requests === null ? null : requestRate(requests.served)
  const options = { sampleIndex: si, choice, by, stepMs, rateOf }
  const { type, unit, lines, ...found } = await ranges.series(plan, options)
  return {
    staleCount: plan.staleCount,
    sampleType: { type, unit },
    requestMetric: requests?.metric ?? null,
    ...found,
    lines: lines.map(({ label, points, changes }) => ({
      label,
      changes: changes.map(({ atMs, ...change }) => ({ at: timeText(atMs), ...change })),
      points: points.map(({ atMs, ...point }) => ({ at: timeText(atMs), ...point })),
    })),
  }
}

async function movers(
  ranges: SummedRanges,
  { plan, before: beforePlan, query, rates }: DecoderTask<'rangeMovers'>,
) {
  const { n = MOVERS, sort = 'flat' } = query
  const before = await ranges.sum(beforePlan, query)
  const after = await ranges.sum(plan, query)
  const { rows, ...diff } = diffProfiles(before.repaired(), after.repaired(), {
    sampleIndex: after.type,
    sort,
    per: rates ?? 'second',
  })
  return {
    before: summaryOf(beforePlan, before),
    after: summaryOf(plan, after),
    sampleType: diff.sampleType,
    kind: after.kind,
    per: diff.per,
    total: diff.total,
    rowCount: rows.length,
    rows: rows.slice(0, n),
    notes: diff.notes,
  }
}

function summaryOf({ fromMs, toMs, staleCount }: RangePlan, sum: SummedRange): RangeSummary {
  const { kind, profile, profileCount, processCount, restartCount } = sum
  const { durationNs } = profile
  return {
    from: timeText(fromMs),
    to: timeText(toMs),
    kind,
    aggregation: AGGREGATIONS[kind],
    profileCount,
    processCount,
    restartCount,
    staleCount,
    durationSeconds: durationNs > 0n ? Number(durationNs) / NS_PER_SECOND : null,
  }
}

function timeText(timeMs: number): string {
  return new Date(timeMs).toISOString()
}
