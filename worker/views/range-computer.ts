import {
  AppError,
  checkSpan,
  parseSelector,
  type ProfileType,
  type RangeFlameQuery,
  type RangeGraphQuery,
  type RangeLabelsQuery,
  type RangeMoversQuery,
  type RangeOutliersQuery,
  type RangePeekQuery,
  type RangeRawQuery,
  type RangeRequestsQuery,
  type RangeSeriesQuery,
  type RangeTopQuery,
  type RangeTreeQuery,
  type RangeValuesQuery,
} from '../../api/index.ts'
import {
  type HistoryStore,
  labelOf,
  periodOfStep,
  type PeriodMs,
  type RangePlan,
} from '../../history/index.ts'
import type { EventStore } from '../../store/index.ts'
import type { DecoderTask, ResultOf } from '../pool/decoder-task.ts'
import {
  eventsBeside,
  matchingSeries,
  ratesBeside,
  requestRateBeside,
  requestsBeside,
} from './beside-range.ts'
import { outliersOfLines } from './outliers-of-lines.ts'
import { type DecoderNeeds, runInDecoder } from './run-in-decoder.ts'

const HOUR_MS = 3600 * 1000
/** As Prometheus: more points than a screen has. */
const POINTS_MAX = 11_000
/** A plan names blocks that packing may replace before they are read. */
const TRIES_MAX = 3
/** As many as a heat strip shows. */
const STRIP_STEPS = 60

export interface RangeNeeds extends DecoderNeeds {
  readonly history: Pick<HistoryStore, 'plan' | 'series'>
  readonly events: EventStore
  readonly now: () => number
}

interface Range {
  readonly q?: string
  readonly type: ProfileType
  readonly from?: string
  readonly to?: string
}

/** Computes views of the ranges of a space in the decoder processes. */
export function openRangeComputer(needs: RangeNeeds) {
  return (space: string) => rangesIn(needs, space)
}

function rangesIn({ history, events, now, integrity, ...decoder }: RangeNeeds, space: string) {
  const needs = forgivingMissing({ ...decoder, integrity })
  const beside = { history, events, space }
  const spanOf = ({ from, to }: Range) => {
    const toMs = to === undefined ? now() : Date.parse(to)
    const span = { fromMs: from === undefined ? toMs - HOUR_MS : Date.parse(from), toMs }
    checkSpan(span)
    return span
  }
  const planOf = (range: Range, span: Span, periodMs?: PeriodMs): Promise<RangePlan> => {
    const selector = parseSelector(range.q ?? '')
    return history.plan({ space, selector, type: range.type, ...span, periodMs })
  }
  const run = <Task extends DecoderTask>(
    query: Range,
    taskOf: (plan: RangePlan) => Task | Promise<Task>,
    periodMs?: PeriodMs,
  ): Promise<ResultOf<Task>> => {
    const span = spanOf(query)
    return untilThere(async () => {
      const plan = await planOf(query, span, periodMs)
      return runInDecoder(needs, await taskOf(plan), affinityOf(plan))
    })
  }
  const seriesOf = async (query: RangeSeriesQuery) => {
    const { fromMs, toMs } = spanOf(query)
    const { step } = query
    refuseSeveralGroups(query)
    refuseManyPoints(toMs - fromMs, step)
    const periodMs = periodOfStep(step === undefined ? null : step * 1000)
    const taskOf = async (plan: RangePlan) => {
      const requests = await requestsBeside(beside, query, { fromMs, toMs })
      return { kind: 'rangeSeries', plan, query, requests } as const
    }
    return run(query, taskOf, periodMs)
  }
  return {
    top: (query: RangeTopQuery) => run(query, (plan) => ({ kind: 'rangeTop', plan, query })),
    flame: (query: RangeFlameQuery) => run(query, (plan) => ({ kind: 'rangeFlame', plan, query })),
    peek: (query: RangePeekQuery) => run(query, (plan) => ({ kind: 'rangePeek', plan, query })),
    tree: (query: RangeTreeQuery) => run(query, (plan) => ({ kind: 'rangeTree', plan, query })),
    graph: (query: RangeGraphQuery) => run(query, (plan) => ({ kind: 'rangeGraph', plan, query })),
    raw: (query: RangeRawQuery) => run(query, (plan) => ({ kind: 'rangeRaw', plan, query })),
    columns: (query: RangeRawQuery) =>
      run(query, (plan) => ({ kind: 'rangeColumns', plan, query })),
    async series(query: RangeSeriesQuery) {
      const series = await seriesOf(query)
      return { ...series, events: await eventsBeside(beside, query, spanOf(query)) }
    },
    async outliers({ by = 'instance', step, ...query }: RangeOutliersQuery) {
      const { fromMs, toMs } = spanOf(query)
      const stepOr = step ?? Math.max(1, Math.ceil((toMs - fromMs) / 1000 / STRIP_STEPS))
      const { lines, ...series } = await seriesOf({ ...query, by, step: stepOr })
      return { ...series, by, ...outliersOfLines(lines) }
    },
    async movers(query: RangeMoversQuery) {
      const [span, q] = [spanOf(query), query.beforeQ ?? query.q ?? '']
      return run(query, async (plan) => {
        const earlier = spanBefore(query, span)
        const before = await planOf({ ...query, q }, earlier)
        const rates = await ratesBeside(beside, query, { q, earlier, span })
        return { kind: 'rangeMovers', plan, before, query, rates }
      })
    },
    requests: (query: RangeRequestsQuery) => requestRateBeside(beside, query, spanOf(query)),
    ...labelViews(history, space),
  }
}

/** Packing deletes blocks that a plan may still name. */
function forgivingMissing({ integrity, ...needs }: DecoderNeeds): DecoderNeeds {
  return {
    ...needs,
    integrity: {
      report: async (key, fault) => (fault === 'missing' ? 'lost' : integrity.report(key, fault)),
    },
  }
}

interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** What movers are compared with: the time before, or the same time of another selector. */
function spanBefore({ before, beforeTo, beforeQ }: RangeMoversQuery, span: Span): Span {
  const last = beforeQ === undefined ? span.fromMs : span.toMs
  const toMs = beforeTo === undefined ? last : Date.parse(beforeTo)
  const fromMs = before === undefined ? toMs - (span.toMs - span.fromMs) : Date.parse(before)
  checkSpan({ fromMs, toMs }, ['before', 'beforeTo'])
  return { fromMs, toMs }
}

function refuseManyPoints(spanMs: number, step: number | undefined): void {
  if (step === undefined || spanMs / (step * 1000) <= POINTS_MAX) return
  throw invalid(`There would be more than ${POINTS_MAX} points; choose a longer step.`, 'step')
}

function refuseSeveralGroups(query: RangeSeriesQuery): void {
  const { function: name, package: path, subsystem, rule } = query
  const given = [name, path, subsystem, rule].filter((one) => one !== undefined)
  if (given.length <= 1) return
  throw invalid('Give one of `function`, `package`, `subsystem` and `rule`.', 'function')
}

/** What there is to select by. */
function labelViews(history: Pick<HistoryStore, 'series'>, space: string) {
  const seriesOf = (query: RangeLabelsQuery) => matchingSeries(history, space, query)
  return {
    async labels(query: RangeLabelsQuery) {
      const labels = (await seriesOf(query)).flatMap((one) => Object.entries(one.labels))
      const valuesOf = Map.groupBy(labels, ([name]) => name)
      const items = [...valuesOf].map(([name, values]) => ({
        name,
        valueCount: new Set(values.map(([, value]) => value)).size,
      }))
      return { items: items.toSorted((a, b) => (a.name < b.name ? -1 : 1)), nextCursor: null }
    },
    async values({ name, ...query }: RangeValuesQuery) {
      const values = (await seriesOf(query)).map(({ labels }) => labelOf(labels, name))
      const items = [...new Set(values)].filter((value) => value !== '').toSorted()
      return { items, nextCursor: null }
    },
  }
}

/** Plans again when packing replaced a block meanwhile. */
async function untilThere<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let tryCount = 1; ; tryCount++) {
    try {
      return await work()
    } catch (error) {
      const isGone = error instanceof AppError && error.code === 'BLOB_MISSING'
      if (!isGone || tryCount === TRIES_MAX) throw error
    }
  }
}

/** Ranges over the same blocks go to the process that has them decoded. */
function affinityOf({ blocks, numbered }: RangePlan): string | null {
  return blocks.at(-1)?.blobKey ?? numbered?.series[0]?.id ?? null
}

function invalid(message: string, name: string): AppError {
  return new AppError('REQUEST_INVALID', { message, details: { name } })
}
