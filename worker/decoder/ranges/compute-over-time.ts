import { gzipSync } from 'node:zlib'
import type { TableOptions, TrendOptions } from '../../../api/index.ts'
import {
  deltaOf,
  diffProfiles,
  encodeProfile,
  findSampleType,
  mergeOverTime,
  mergeProfiles,
  openView,
  type Profile,
  repairForViews,
  ReportError,
  sampleKindOf,
  sumOfName,
  topView,
  totalOfType,
} from '../../../profile/index.ts'
import type { BlobStore } from '../../../store/blobs.ts'
import type {
  CompareTask,
  ComparedProfiles,
  DecoderHandlers,
  MergedProfiles,
  OverTimeTask,
  TimedProfile,
  TrendOfProfiles,
  TrendPoint,
} from '../../pool/decoder-task.ts'
import { sampleTypeAt } from '../sample-type-at.ts'
import { readStored } from '../viewed-profiles.ts'
import { refusingQueries } from '../view-errors.ts'

const ROWS = 100
const NS_PER_SECOND = 1e9

type Blobs = Pick<BlobStore, 'get'>

type OverTimeHandlers = Pick<DecoderHandlers, 'compare' | 'merge' | 'mergeFile' | 'trend'>

/**
 * Views of several profiles. They throw VIEW_INVALID when the profiles do not fit together, and
 * BLOB_MISSING.
 */
export function overTimeHandlers(blobs: Blobs): OverTimeHandlers {
  return {
    compare: refusingQueries((task) => compare(blobs, task)),
    merge: refusingQueries((task) => merge(blobs, task)),
    mergeFile: refusingQueries((task) => mergeFile(blobs, task)),
    trend: refusingQueries((task) => trend(blobs, task)),
  }
}

async function compare(blobs: Blobs, task: CompareTask): Promise<ComparedProfiles> {
  const { si = '', sort = 'flat', n = ROWS } = task.options
  const before = await oneOf(blobs, task.before, si)
  const after = await oneOf(blobs, task.after, si)
  const [first, second] = [repairForViews(before), repairForViews(after)]
  const diff = namingTypes([before, after], () =>
    diffProfiles(first, second, { sampleIndex: si, sort, per: task.per }),
  )
  return {
    durationSeconds: { before: durationSecondsOf(before), after: durationSecondsOf(after) },
    sampleType: diff.sampleType,
    kind: diff.kind,
    per: diff.per,
    total: diff.total,
    rowCount: diff.rows.length,
    rows: diff.rows.slice(0, n),
    notes: diff.notes,
  }
}

/** When profiles cannot be compared, the error lists the sample types of each. */
function namingTypes<Result>(profiles: readonly Profile[], work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof ReportError)) throw error
    const types = profiles.map(({ sampleTypes }) => sampleTypes.map(({ type }) => type).join(', '))
    throw new ReportError(`${error.message}: ${types.join(' in one, in the other ')}`)
  }
}

/** A single profile is compared unchanged; several are first merged by kind. */
async function oneOf(
  blobs: Blobs,
  columns: readonly TimedProfile[],
  sampleIndex: string,
): Promise<Profile> {
  const [only, ...others] = columns
  if (only !== undefined && others.length === 0) return readStored(blobs, only.bytes)
  return (await mergeProcesses(blobs, columns, sampleIndex)).profile
}

async function merge(
  blobs: Blobs,
  { profiles, options }: OverTimeTask<TableOptions>,
): Promise<MergedProfiles> {
  const { si = '', sort = 'flat', n = ROWS } = options
  const { profile, type, ...merged } = await mergeProcesses(blobs, profiles, si)
  const sampleTypeIndex = findSampleType(profile, type)
  const repaired = repairForViews(profile)
  const view = openView(repaired, { sampleTypeIndex, granularity: 'functions', hasInlines: true })
  const totalValue = view.total.value
  const { rowCount, rows } = topView(view.tree, { sort, rowsMax: n, rowsSkipped: 0, totalValue })
  return {
    ...merged,
    durationSeconds: durationSecondsOf(profile),
    top: { sampleType: view.sampleType, total: totalValue, rowCount, rows },
  }
}

async function mergeFile(
  blobs: Blobs,
  { profiles, options }: OverTimeTask<TableOptions>,
): Promise<Uint8Array> {
  const { profile } = await mergeProcesses(blobs, profiles, options.si ?? '')
  return gzipSync(encodeProfile(profile))
}

interface Merged extends Pick<MergedProfiles, 'kind' | 'aggregation' | 'restartCount'> {
  readonly profile: Profile
  /** The requested sample type. */
  readonly type: string
}

const AGGREGATIONS = { interval: 'sum', snapshot: 'average', cumulative: 'increase' } as const

/** Merges over time within each process, then over the processes. */
async function mergeProcesses(
  blobs: Blobs,
  columns: readonly TimedProfile[],
  sampleIndex: string,
): Promise<Merged> {
  const processes = new Map<string, Profile[]>()
  for (const { process, bytes } of columns) {
    const profile = await readStored(blobs, bytes)
    const known = processes.get(process)
    if (known === undefined) processes.set(process, [profile])
    else known.push(profile)
  }
  const [first] = [...processes.values()].flat()
  if (first === undefined) throw new TypeError('there is no profile')
  const index = findSampleType(first, sampleIndex)
  const kind = sampleKindOf(first, index)
  const merged = [...processes.values()].map(mergeOverTime)
  const parts = merged.flatMap((one) => one[AGGREGATIONS[kind]] ?? [])
  if (parts.length === 0) throw new ReportError(NEEDS_TWO)
  return {
    profile: mergeProfiles(parts),
    type: sampleTypeAt(first, index).type,
    kind,
    aggregation: AGGREGATIONS[kind],
    restartCount: merged.reduce((sum, one) => sum + one.restartCount, 0),
  }
}

const NEEDS_TWO =
  'Cumulative values are shown by their growth, which needs two profiles of one process'

async function trend(
  blobs: Blobs,
  { profiles, options }: OverTimeTask<TrendOptions>,
): Promise<TrendOfProfiles> {
  const { si = '', sort = 'flat', function: name = null } = options
  const previousOf = new Map<string, Profile>()
  const measure: Measure = (profile, index) => {
    const { value: total } = totalOfType(profile, index)
    if (name === null) return { value: total, total }
    return { value: sumOfName(repairForViews(profile), index, name)[sort], total }
  }
  let described: Pick<TrendOfProfiles, 'sampleType' | 'kind' | 'per'> | null = null
  const points: TrendPoint[] = []
  for (const { bytes, process } of profiles) {
    const profile = await readStored(blobs, bytes)
    const index = findSampleType(profile, si)
    const kind = sampleKindOf(profile, index)
    described ??= { sampleType: sampleTypeAt(profile, index), kind, per: perOf(profile, kind) }
    if (described.kind !== kind) throw new ReportError('The profiles are of different kinds')
    const previous = previousOf.get(process)
    previousOf.set(process, profile)
    if (kind !== 'cumulative') points.push(point(measure(profile, index), profile, described.per))
    else if (previous === undefined) points.push(NO_POINT)
    else points.push(growthPoint(previous, profile, { index, measure }))
  }
  if (described === null) throw new TypeError('there is no profile')
  return { ...described, points }
}

const NO_POINT: TrendPoint = { value: null, total: null, hasRestarted: false }

function perOf(profile: Profile, kind: TrendOfProfiles['kind']): TrendOfProfiles['per'] {
  const isPerSecond = kind === 'cumulative' || (kind === 'interval' && profile.durationNs > 0n)
  return isPerSecond ? 'second' : 'profile'
}

interface Measured {
  readonly value: number
  readonly total: number
}

/** A function, or all of the profile. */
type Measure = (profile: Profile, sampleTypeIndex: number) => Measured

interface Growth {
  readonly index: number
  readonly measure: Measure
}

function growthPoint(previous: Profile, current: Profile, { index, measure }: Growth): TrendPoint {
  const delta = deltaOf(previous, current)
  if (delta.verdict === 'restarted') return { ...NO_POINT, hasRestarted: true }
  if (delta.verdict !== 'grown') return NO_POINT
  const { type } = sampleTypeAt(current, index)
  return point(measure(delta.profile, findSampleType(delta.profile, type)), delta.profile, 'second')
}

function point(
  { value, total }: Measured,
  profile: Profile,
  per: TrendOfProfiles['per'],
): TrendPoint {
  const seconds = per === 'profile' ? 1 : (durationSecondsOf(profile) ?? 0)
  if (seconds === 0) return NO_POINT
  return { value: value / seconds, total: total / seconds, hasRestarted: false }
}

function durationSecondsOf({ durationNs }: Profile): number | null {
  return durationNs > 0n ? Number(durationNs) / NS_PER_SECOND : null
}
