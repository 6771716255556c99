import { alignTypes } from '../combine/combine-profiles.ts'
import { deltaOf } from '../combine/delta-of.ts'
import { ReportError } from '../report-error.ts'
import { inferProfileType, type SampleKind, sampleKindOf } from '../origin/sample-kind.ts'
import { markNoise } from '../combine/sampling-noise.ts'
import type { Profile, ValueType } from '../types.ts'
import type { Exposures } from './diff-tree.ts'
import { isCutName } from './mark-cut-stacks.ts'
import { openView, type View } from './open-view.ts'
import { sumByName } from './top-view.ts'
import { findSampleType } from './view-query.ts'

export interface DiffOptions {
  /** As pprof's `-sample_index`; `''` for the default of the second profile. */
  readonly sampleIndex: string
  /** By which of the two a function grew or shrank. */
  readonly sort: 'flat' | 'cum'
  /** `second` without it. What is not an interval, or does not know how long it took, is compared as it is anyway. */
  readonly per?: ComparedPer
}

/** What values are divided by: seconds, requests, or nothing. */
export type ComparedPer = 'second' | 'profile' | RequestRates

/** Requests a second that the processes of two profiles served meanwhile; above 0. */
export interface RequestRates {
  readonly before: number
  readonly after: number
}

/** What changed between two profiles of one sample type, function by function. */
export interface ProfileDiff {
  readonly sampleType: ValueType
  readonly kind: SampleKind
  /**
   * `second`: values are divided by the profile's duration, as both have one. `request`: by the requests that were served in
   * it. `profile`: they are as they are.
   */
  readonly per: 'second' | 'profile' | 'request'
  /** What the values of each are divided by: seconds, requests, or 1. */
  readonly exposures: Exposures
  readonly total: Change
  /** Functions that changed, largest change first, then by name. */
  readonly rows: readonly DiffRow[]
  /** What the reader must know to read the values rightly. */
  readonly notes: readonly DiffNote[]
}

export interface DiffRow {
  /** The normalised name. */
  readonly name: string
  /** `new` and `gone`: on the stacks of one of the two alone. */
  readonly status: 'grew' | 'shrank' | 'new' | 'gone'
  readonly flat: Change
  readonly cum: Change
}

/** A value in both profiles, in the unit of the sample type, divided by what `per` says. */
export interface Change {
  readonly before: number
  readonly after: number
  /** `after - before` */
  readonly difference: number
  /** Whether that may be chance, given how few samples it is of. Null where nothing was sampled: goroutines are counted. */
  readonly isNoise: boolean | null
}

export interface DiffNote {
  readonly code: 'since_process_start' | 'grown_in_one_process' | 'profile_types_differ'
  readonly text: string
  readonly textZh: string
}

/**
 * Compares two profiles by function, under normalised names. Types are those that both have, in the finer of their
 * units. Throws a ReportError where the profiles cannot be compared and a SampleTypeError for an unknown sample type.
 */
export function diffProfiles(before: Profile, after: Profile, options: DiffOptions): ProfileDiff {
  const [first, second] = alignTypes([before, after])
  const index = findSampleType(second, options.sampleIndex)
  const kind = commonKind(first, second, index)
  const { per, exposures } = divisorsOf(first, second, { kind, per: options.per ?? 'second' })
  const changes = changesOf(
    measure(first, index, exposures.before),
    measure(second, index, exposures.after),
  )
  const { sort } = options
  const rows = [...changes.byName]
    .filter(([name, change]) => change[sort].difference !== 0 && !isCutName(name))
    .map(([name, { flat, cum }]) => ({
      name,
      status: statusOf(cum, { flat, cum }[sort]),
      flat,
      cum,
    }))
  rows.sort(
    (a, b) =>
      Math.abs(b[sort].difference) - Math.abs(a[sort].difference) || (a.name < b.name ? -1 : 1),
  )
  return {
    sampleType: second.sampleTypes[index],
    kind,
    per,
    exposures,
    total: changes.total,
    rows,
    notes: notesOn(before, after, kind),
  }
}

function divisorsOf(
  first: Profile,
  second: Profile,
  { kind, per }: Required<Pick<DiffOptions, 'per'>> & Pick<ProfileDiff, 'kind'>,
): Pick<ProfileDiff, 'per' | 'exposures'> {
  const isTimed = kind === 'interval' && first.durationNs > 0n && second.durationNs > 0n
  if (!isTimed || per === 'profile') return { per: 'profile', exposures: { before: 1, after: 1 } }
  const seconds = { before: Number(first.durationNs) / 1e9, after: Number(second.durationNs) / 1e9 }
  if (per === 'second') return { per: 'second', exposures: seconds }
  const { before, after } = seconds
  return { per: 'request', exposures: { before: before * per.before, after: after * per.after } }
}

function commonKind(first: Profile, second: Profile, index: number): SampleKind {
  const kinds = [first, second].map((profile) => sampleKindOf(profile, index))
  if (kinds[0] === kinds[1]) return kinds[0]
  const { type } = first.sampleTypes[index]
  throw new ReportError(`${type} is ${kinds[0]} in the first profile and ${kinds[1]} in the second`)
}

/** Sums by function. */
interface Sums {
  readonly flat: ReadonlyMap<string, number>
  readonly cum: ReadonlyMap<string, number>
  readonly total: number
}

/** One of the two profiles, measured. */
interface Side {
  readonly values: Sums
  /** How often each was sampled; null if the profile is not sampled. */
  readonly counts: Sums | null
  /** What values are divided by to be compared. */
  readonly exposure: number
}

function measure(profile: Profile, index: number, exposure: number): Side {
  const counted = sampledCount(profile, index)
  return {
    values: sumsOf(viewOf(profile, index), 1),
    counts: counted && sumsOf(viewOf(profile, counted.index), counted.valuePerSample),
    exposure,
  }
}

function viewOf(profile: Profile, sampleTypeIndex: number): View {
  return openView(profile, { sampleTypeIndex, granularity: 'functions', hasInlines: true })
}

function sumsOf({ tree, total }: View, divisor: number): Sums {
  const { flat, cum } = sumByName(tree)
  // The last name is that of the root, which a function may have too.
  const named = (sums: Float64Array) =>
    new Map(tree.names.slice(0, -1).map((name, row) => [name, sums[row] / divisor] as const))
  return { flat: named(flat), cum: named(cum), total: total.value / divisor }
}

/**
 * For types whose number of samples is known: CPU profiles have it as a sample type, and heap profiles sample an
 * allocation once in a period of bytes (https://pkg.go.dev/runtime#pkg-variables).
 */
function sampledCount({ sampleTypes, periodType, period }: Profile, index: number) {
  const rowOf = (type: string) => sampleTypes.findIndex((sampleType) => sampleType.type === type)
  const samples = rowOf('samples')
  if (samples !== -1) return { index: samples, valuePerSample: 1 }
  const space = rowOf(sampleTypes[index].type.replace(/_objects$/, '_space'))
  const isHeap = periodType?.type === 'space' && space !== -1
  return isHeap && period > 1n ? { index: space, valuePerSample: Number(period) } : null
}

function changesOf(first: Side, second: Side) {
  const names = [...new Set([...first.values.cum.keys(), ...second.values.cum.keys()])]
  const changesIn = (measure: 'flat' | 'cum') =>
    changesBetween(first, second, (sums) => names.map((name) => sums[measure].get(name) ?? 0))
  const flat = changesIn('flat')
  const cum = changesIn('cum')
  return {
    byName: names.map((name, row) => [name, { flat: flat[row], cum: cum[row] }] as const),
    total: changesBetween(first, second, (sums) => [sums.total])[0],
  }
}

/** The changes of what `pick` picks, row by row. */
function changesBetween(first: Side, second: Side, pick: (sums: Sums) => number[]): Change[] {
  const isNoise = noiseBetween(first, second, pick)
  const valuesAfter = pick(second.values)
  return pick(first.values).map((value, row) => {
    const before = value / first.exposure
    const after = valuesAfter[row] / second.exposure
    return { before, after, difference: after - before, isNoise: isNoise && isNoise[row] === 1 }
  })
}

function noiseBetween(
  first: Side,
  second: Side,
  pick: (sums: Sums) => number[],
): Uint8Array | null {
  if (first.counts === null || second.counts === null) return null
  const countsAfter = pick(second.counts)
  const pairs = pick(first.counts).map((countBefore, row) => ({
    countBefore,
    countAfter: countsAfter[row],
  }))
  return markNoise(pairs, { exposureRatio: second.exposure / first.exposure })
}

function statusOf(cum: Change, sorted: Change): DiffRow['status'] {
  if (cum.before === 0 && cum.after !== 0) return 'new'
  if (cum.after === 0 && cum.before !== 0) return 'gone'
  return sorted.difference > 0 ? 'grew' : 'shrank'
}

function notesOn(before: Profile, after: Profile, kind: SampleKind): readonly DiffNote[] {
  const notes: DiffNote[] = []
  const [typeBefore, typeAfter] = [before, after].map(inferProfileType)
  if (typeBefore !== typeAfter) {
    const text = `The first looks like a profile of ${typeBefore}, the second like one of ${typeAfter}.`
    const textZh = `前者看起来是 ${typeBefore} profile，后者看起来是 ${typeAfter} profile。`
    notes.push({ code: 'profile_types_differ', text, textZh })
  }
  if (kind !== 'cumulative') return notes
  const isOneProcess = deltaOf(before, after).verdict === 'grown'
  notes.push(isOneProcess ? GROWN : SINCE_START)
  return notes
}

const GROWN: DiffNote = {
  code: 'grown_in_one_process',
  text: 'Values count since the process started; the change is what came between the two profiles.',
  textZh: '数值自进程启动起累计；变化量是两个 profile 之间新增的部分。',
}

const SINCE_START: DiffNote = {
  code: 'since_process_start',
  text: 'Values count since the start of two processes, so the change also depends on how long each ran.',
  textZh: '数值分别自两个进程启动起累计，因此变化量也取决于各自运行了多久。',
}
