import {
  changePoints,
  lastMsOf,
  memberValues,
  type MemberValue,
  type Profile,
  profileCountOf,
  ReportError,
  type SampleKind,
  type UnifiedRows,
  unifyRows,
} from '../../profile/index.ts'
import { groupLabel } from './group-label.ts'
import type { RangePlan } from '../plan.ts'
import type { RequestRate } from './request-rates.ts'
import type { LoadedBlocks } from './load-range.ts'
import type { RangeParts } from './range-parts.ts'
import { chooseType, RangeSummer, shapeOf } from './sum-range.ts'
import { startOfSteps } from '../tiers.ts'
import { EmptyRangeError } from './empty-range-error.ts'

export interface SeriesOptions {
  /** A sample type, '' for the default one. */
  readonly sampleIndex: string
  /** Which samples to measure; null for all. */
  readonly choice: SampleChoice | null
  /** A label, whose values get a line each; null for one line. */
  readonly by: string | null
  /** Null for a point for each profile. */
  readonly stepMs: number | null
  /** What values per second are divided by; null to leave them as they are. */
  readonly rateOf: RequestRate | null
}

/** Samples of some functions, or what a rule measures. Both say for each sample 1 where it counts. */
export interface SampleChoice {
  /** Throws a ReportError. */
  readonly of: (profile: Profile) => Uint8Array
  /**
   * The same by the last frames of stacks; where that comes to nothing, the stacks say why. Null where callers matter: then
   * it is chosen among the samples of the sum of the range, where those that Go cut off show.
   */
  readonly ofLeaves: ((profile: Profile) => Uint8Array) | null
}

export interface RangeSeries {
  readonly type: string
  readonly unit: string
  readonly kind: SampleKind
  /** Intervals that declare a duration and cumulative types are per second: of CPU time 1e9 is a core. */
  readonly per: 'second' | 'profile' | 'request'
  readonly lines: readonly SeriesLine[]
}

export interface SeriesLine {
  /** The value of the label of `by`; null without one. */
  readonly label: string | null
  /** By time; without those of which nothing is known. */
  readonly points: readonly SeriesPoint[]
  /** By `changePoints`: what differs by more than the noise of the line. */
  readonly changes: readonly LevelChange[]
}

/** A level that the values of a line took on, and kept for a while. */
export interface LevelChange {
  readonly atMs: number
  readonly before: number
  readonly after: number
}

export interface SeriesPoint {
  readonly atMs: number
  readonly value: number
  readonly total: number
  readonly restartCount: number
}

/**
 * Chosen samples, or the total, over time. A step has for each process what it did per second, or the average of its
 * snapshots, added over the processes. Throws a SampleTypeError or ReportError.
 */
export async function seriesOfRange(
  parts: RangeParts,
  plan: RangePlan,
  options: SeriesOptions,
): Promise<RangeSeries> {
  const countedOf = await countedRows(parts, options)
  const values: ShapeValues[] = []
  await parts.each((loaded, part) => {
    for (const one of loaded) values.push(valuesOf(one, options, countedOf(one, part)))
  })
  return linesOfValues(values, plan, options)
}

/** What was measured in the profiles of one shape. */
export interface ShapeValues {
  readonly type: string
  readonly unit: string
  readonly kind: SampleKind
  readonly values: readonly MemberValue[]
}

/** Values as lines over time. Throws a ReportError where they do not fit together. */
export function linesOfValues(
  parts: readonly ShapeValues[],
  plan: Pick<RangePlan, 'series' | 'fromMs'>,
  options: SeriesOptions,
): RangeSeries {
  const [first] = parts
  if (first === undefined) throw new EmptyRangeError()
  const odd = parts.find(({ type, kind }) => type !== first.type || kind !== first.kind)
  if (odd !== undefined) {
    const texts = [first, odd].map(({ type, kind }) => `${type} (${kind})`)
    throw new ReportError(`the profiles of the range are ${texts.join(' and ')}`)
  }
  const values = parts.flatMap((part) => part.values).filter(isKnown)
  const isTimed = values.every(({ seconds }) => seconds > 0)
  const isPerSecond = first.kind !== 'snapshot' && isTimed
  if (options.rateOf !== null && !isPerSecond) {
    throw new ReportError(`${first.type} is not per second, so that it is not per request either`)
  }
  const per = options.rateOf !== null ? 'request' : isPerSecond ? 'second' : 'profile'
  const labelOf = groupLabel(plan, options.by)
  const lines = [...Map.groupBy(values, ({ member }) => labelOf(member.series))]
    .toSorted(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1))
    .map(([label, own]) => {
      const points = pointsOf(own, { ...options, per, fromMs: plan.fromMs })
      return { label, points, changes: changesOf(points) }
    })
  return { type: first.type, unit: first.unit, kind: first.kind, per, lines }
}

interface KnownValue extends MemberValue {
  readonly value: number
  readonly total: number
}

function valuesOf(
  { blocks, isKept, isSelected }: LoadedBlocks,
  options: SeriesOptions,
  countedOf: CountedOf,
): ShapeValues {
  const { type, kind } = chooseType(blocks, options.sampleIndex)
  const types = blocks[0]?.shape.sampleTypes ?? []
  const row = types.findIndex((one) => one.type === type)
  const unified = unifyRows(blocks)
  const isCounted = countedOf(unified)
  const values = memberValues(blocks, { type: row, unified, isCounted, isKept, isSelected })
  return { type, kind, unit: types[row]?.unit ?? '', values }
}

/** 1 for each row that counts; null for all. */
type CountedOf = (unified: UnifiedRows) => Uint8Array | null

/** Which rows of blocks count; where callers matter, the sum of the range says so. */
async function countedRows(
  parts: RangeParts,
  { choice, sampleIndex }: SeriesOptions,
): Promise<(loaded: LoadedBlocks, part: number) => CountedOf> {
  if (choice === null) return () => () => null
  if (choice.ofLeaves !== null) return () => (unified) => choice.of(unified.tables)
  const summer = new RangeSummer(sampleIndex, parts)
  const rowsOf = new Map<string, Int32Array | null>()
  await parts.each((loaded, part) => {
    for (const one of loaded) rowsOf.set(keyOf(one, part), summer.addShape(one))
  })
  const counted = new Map(
    [...summer.shapes()].map(([shape, { profile }]) => [shape, choice.of(profile)] as const),
  )
  return (loaded, part) => () => {
    const isCounted = counted.get(shapeOf(loaded.blocks))
    if (isCounted === undefined) throw new EmptyRangeError()
    const rows = rowsOf.get(keyOf(loaded, part)) ?? null
    return rows === null ? isCounted : Uint8Array.from(rows, (row) => isCounted[row] ?? 0)
  }
}

function keyOf({ blocks }: LoadedBlocks, part: number): string {
  return `${part} ${shapeOf(blocks)}`
}

function isKnown(one: MemberValue): one is KnownValue {
  return one.value !== null && one.total !== null
}

function changesOf(points: readonly SeriesPoint[]): LevelChange[] {
  return changePoints(points.map(({ value }) => value)).flatMap(({ index, before, after }) => {
    const point = points[index]
    return point === undefined ? [] : [{ atMs: point.atMs, before, after }]
  })
}

interface PointOptions extends Pick<SeriesOptions, 'stepMs' | 'rateOf'> {
  readonly per: RangeSeries['per']
  readonly fromMs: number
}

function pointsOf(
  values: readonly KnownValue[],
  { per, fromMs, stepMs, rateOf }: PointOptions,
): readonly SeriesPoint[] {
  if (rateOf !== null) return pointsPerRequest(values, rateOf, { fromMs, stepMs })
  if (stepMs === null) {
    return values
      .toSorted((a, b) => a.member.atMs - b.member.atMs)
      .map((one) => pointOf(one.member.atMs, [one], per))
  }
  const startMs = startOfSteps(fromMs, stepMs)
  const stepOf = ({ member }: KnownValue) => Math.floor((member.atMs - startMs) / stepMs)
  return [...Map.groupBy(values, stepOf)]
    .toSorted(([a], [b]) => a - b)
    .map(([step, own]) => pointOf(startMs + step * stepMs, own, per))
}

type Steps = Pick<PointOptions, 'fromMs' | 'stepMs'>

/**
 * What processes did a second by what they served a second, those alone of which both are known: so a process whose
 * metrics are missing changes neither side. Without requests there is no point.
 */
function pointsPerRequest(
  values: readonly KnownValue[],
  rateOf: RequestRate,
  steps: Steps,
): readonly SeriesPoint[] {
  const served = values.flatMap((one) => {
    const { member, seconds } = one
    const rate = rateOf(member.process, member.atMs, lastMsOf(member))
    return rate === null ? [] : [{ one, requests: { ...one, value: rate * seconds, total: 0 } }]
  })
  const options = { ...steps, per: 'second', rateOf: null } as const
  const work = pointsOf(
    served.map(({ one }) => one),
    options,
  )
  const requests = pointsOf(
    served.map((both) => both.requests),
    options,
  )
  return work.flatMap((point, index) => {
    const rate = requests[index]?.value ?? 0
    return rate > 0 ? [{ ...point, value: point.value / rate, total: point.total / rate }] : []
  })
}

function pointOf(
  atMs: number,
  values: readonly KnownValue[],
  per: RangeSeries['per'],
): SeriesPoint {
  let [value, total, restartCount] = [0, 0, 0]
  for (const own of Map.groupBy(values, ({ member }) => member.process).values()) {
    const weight = own.reduce(
      (sum, { member, seconds }) => sum + (per === 'second' ? seconds : profileCountOf(member)),
      0,
    )
    value += own.reduce((sum, one) => sum + one.value, 0) / weight
    total += own.reduce((sum, one) => sum + one.total, 0) / weight
    restartCount += own.reduce((sum, one) => sum + one.restartCount, 0)
  }
  return { atMs, value, total, restartCount }
}
