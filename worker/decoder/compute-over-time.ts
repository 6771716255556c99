import { gzipSync } from 'node:zlib'
import { AppError } from '../../api/errors.ts'
import type { CompareReply, MergeReply, TrendReply } from '../../api/index.ts'
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
  SampleTypeError,
  sampleKindOf,
  sumByName,
  topView,
} from '../../profile/index.ts'
import type { BlobStore } from '../../store/blobs.ts'
import { sampleTypeAt } from './sample-type-at.ts'
import { readColumns } from './decoded-columns.ts'
import type { OverTimeTask, TimedColumns } from '../pool/decoder-task.ts'

const ROWS = 100
const NS_PER_SECOND = 1e9

type Blobs = Pick<BlobStore, 'get'>
type TaskOf<View extends OverTimeTask['view']> = Extract<OverTimeTask, { readonly view: View }>

/** What a reply has beside what the parent knows of the profiles. */
export type ComparedSides = Omit<CompareReply, 'a' | 'b'> & {
  readonly durationSeconds: readonly (number | null)[]
}
export type MergedProfiles = Omit<MergeReply, 'profileIds' | 'isCut'>
export type TrendOfProfiles = Pick<TrendReply, 'sampleType' | 'kind' | 'per'> & {
  /** One for each profile, in their order. */
  readonly points: readonly TrendPoint[]
}

export interface TrendPoint {
  readonly value: number | null
  readonly total: number | null
  readonly hasRestarted: boolean
}

/** Several profiles looked at together. Throws VIEW_INVALID where they cannot be, and BLOB_MISSING. */
export async function computeOverTime(
  blobs: Blobs,
  task: OverTimeTask,
): Promise<ComparedSides | MergedProfiles | Uint8Array | TrendOfProfiles> {
  try {
    if (task.view === 'compare') return await compare(blobs, task)
    return task.view === 'merge' ? await merge(blobs, task) : await trend(blobs, task)
  } catch (cause) {
    if (!(cause instanceof SampleTypeError || cause instanceof ReportError)) throw cause
    throw new AppError('VIEW_INVALID', { message: `${cause.message}.`, cause })
  }
}

async function compare(blobs: Blobs, { sides, query }: TaskOf<'compare'>): Promise<ComparedSides> {
  const { si = '', sort = 'flat', n = ROWS } = query
  const [before, after] = await Promise.all(sides.map((side) => oneOf(blobs, side, si)))
  if (before === undefined || after === undefined) throw new TypeError('a side is missing')
  const [first, second] = [repairForViews(before), repairForViews(after)]
  const diff = namingTypes([before, after], () =>
    diffProfiles(first, second, { sampleIndex: si, sort }),
  )
  return {
    durationSeconds: [before, after].map(durationSecondsOf),
    sampleType: diff.sampleType,
    kind: diff.kind,
    per: diff.per,
    total: diff.total,
    rowCount: diff.rows.length,
    rows: diff.rows.slice(0, n),
    notes: [...diff.notes],
  }
}

/** Where profiles cannot be compared, whoever asked wants to know what each of them has. */
function namingTypes<Result>(profiles: readonly Profile[], work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof ReportError)) throw error
    const types = profiles.map(({ sampleTypes }) => sampleTypes.map(({ type }) => type).join(', '))
    throw new ReportError(`${error.message}: ${types.join(' in one, in the other ')}`)
  }
}

/** A single profile is compared as it is; several are first merged by kind. */
async function oneOf(
  blobs: Blobs,
  columns: readonly TimedColumns[],
  sampleIndex: string,
): Promise<Profile> {
  const [only, ...others] = columns
  if (only !== undefined && others.length === 0) return readColumns(blobs, only.columnsBlobKey)
  return (await mergeProcesses(blobs, columns, sampleIndex)).profile
}

async function merge(
  blobs: Blobs,
  { profiles, query }: TaskOf<'merge'>,
): Promise<MergedProfiles | Uint8Array> {
  const { si = '', sort = 'flat', n = ROWS, format } = query
  const { profile, type, kind, does, restartCount } = await mergeProcesses(blobs, profiles, si)
  if (format === 'pprof') return gzipSync(encodeProfile(profile))
  const sampleTypeIndex = findSampleType(profile, type)
  const repaired = repairForViews(profile)
  const view = openView(repaired, { sampleTypeIndex, granularity: 'functions', hasInlines: true })
  const totalValue = view.total.value
  const { rowCount, rows } = topView(view.tree, { sort, rowsMax: n, rowsSkipped: 0, totalValue })
  return {
    kind,
    does,
    restartCount,
    durationSeconds: durationSecondsOf(profile),
    top: { sampleType: view.sampleType, total: totalValue, rowCount, rows: [...rows] },
  }
}

interface Merged extends Pick<MergeReply, 'kind' | 'does' | 'restartCount'> {
  readonly profile: Profile
  /** The sample type that was asked for. */
  readonly type: string
}

const DOES = { interval: 'sum', snapshot: 'average', cumulative: 'increase' } as const

/** Over time within each process, and then over the processes, of which each has its own share. */
async function mergeProcesses(
  blobs: Blobs,
  columns: readonly TimedColumns[],
  sampleIndex: string,
): Promise<Merged> {
  const processes = new Map<string, Profile[]>()
  for (const { process, columnsBlobKey } of columns) {
    const profile = await readColumns(blobs, columnsBlobKey)
    const known = processes.get(process)
    if (known === undefined) processes.set(process, [profile])
    else known.push(profile)
  }
  const [first] = [...processes.values()].flat()
  if (first === undefined) throw new TypeError('there is no profile')
  const index = findSampleType(first, sampleIndex)
  const kind = sampleKindOf(first, index)
  const merged = [...processes.values()].map(mergeOverTime)
  const parts = merged.flatMap((one) => one[DOES[kind]] ?? [])
  if (parts.length === 0) throw new ReportError(NEEDS_TWO)
  return {
    profile: mergeProfiles(parts),
    type: sampleTypeAt(first, index).type,
    kind,
    does: DOES[kind],
    restartCount: merged.reduce((sum, one) => sum + one.restartCount, 0),
  }
}

const NEEDS_TWO =
  'What counts since the process started is shown by its growth, for which two profiles of one process are needed'

async function trend(blobs: Blobs, { profiles, query }: TaskOf<'trend'>): Promise<TrendOfProfiles> {
  const { si = '', sort = 'flat', function: name = null } = query
  const previousOf = new Map<string, Profile>()
  const measure = (profile: Profile, index: number) => measureFunc(profile, { index, name, sort })
  let described: Pick<TrendReply, 'sampleType' | 'kind' | 'per'> | null = null
  const points: TrendPoint[] = []
  for (const { columnsBlobKey, process } of profiles) {
    const profile = await readColumns(blobs, columnsBlobKey)
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

function perOf(profile: Profile, kind: TrendReply['kind']): TrendReply['per'] {
  const isPerSecond = kind === 'cumulative' || (kind === 'interval' && profile.durationNs > 0n)
  return isPerSecond ? 'second' : 'profile'
}

interface Measured {
  readonly value: number
  readonly total: number
}

interface Growth {
  readonly index: number
  readonly measure: (profile: Profile, index: number) => Measured
}

function growthPoint(previous: Profile, current: Profile, { index, measure }: Growth): TrendPoint {
  const delta = deltaOf(previous, current)
  if (delta.verdict === 'restarted') return { ...NO_POINT, hasRestarted: true }
  if (delta.verdict !== 'grown') return NO_POINT
  const { type } = sampleTypeAt(current, index)
  return point(measure(delta.profile, findSampleType(delta.profile, type)), delta.profile, 'second')
}

function point({ value, total }: Measured, profile: Profile, per: TrendReply['per']): TrendPoint {
  const seconds = per === 'profile' ? 1 : (durationSecondsOf(profile) ?? 0)
  if (seconds === 0) return NO_POINT
  return { value: value / seconds, total: total / seconds, hasRestarted: false }
}

interface FuncOptions {
  readonly index: number
  /** Null for all. */
  readonly name: string | null
  readonly sort: 'flat' | 'cum'
}

function measureFunc(profile: Profile, { index, name, sort }: FuncOptions): Measured {
  // Names and callers take time, of which a total needs none.
  const shown = name === null ? profile : repairForViews(profile)
  const options = { sampleTypeIndex: index, granularity: 'functions', hasInlines: true } as const
  const { tree, total } = openView(shown, options)
  if (name === null) return { value: total.value, total: total.value }
  const row = tree.names.indexOf(name)
  const sums = sumByName(tree)[sort]
  return { value: row === -1 ? 0 : (sums[row] ?? 0), total: total.value }
}

function durationSecondsOf({ durationNs }: Profile): number | null {
  return durationNs > 0n ? Number(durationNs) / NS_PER_SECOND : null
}
