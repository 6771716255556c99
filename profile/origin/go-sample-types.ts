import { inferProfileType, type ProfileType } from './sample-kind.ts'
import { goUnitOf } from '../units/format-value.ts'
import type { Profile, ValueColumn, ValueType } from '../types.ts'
import { divisorOf, valueColumnOf } from '../columns/value-column.ts'

/** Go's default interval between CPU samples (runtime.SetCPUProfileRate changes it). */
const GO_PERIOD_NS = 10_000_000
/** Profilers sample between 2 and 10,000 times a second; a period outside of that is not the time of one sample. */
const PERIOD_NS_MIN = 100_000
const PERIOD_NS_MAX = 500_000_000
/** What values have in common below this is chance: they were averaged or scaled. */
const COMMON_NS_MIN = 1_000_000

/**
 * The profile with the sample types of Go's own profiles, so that the same rules apply: times in nanoseconds, sizes in
 * bytes, and CPU time computed from samples. `stated` is the type of a profile that does not name its own. Returns the
 * same profile if nothing changes.
 */
export function withGoSampleTypes(profile: Profile, stated: ProfileType | null): Profile {
  const scaled = inGoUnits(profile)
  const type = inferProfileType(scaled)
  if (type === 'cpu') return withCpuTime(scaled)
  return type === 'other' && stated !== null ? takenFor(scaled, stated) : scaled
}

/**
 * What one sample of a CPU profile stands for. The declared period is only that where no value is less: Pyroscope
 * exports a second. Else it is what all values are multiples of, or the least of them.
 */
export function cpuPeriodNs(profile: Profile, valuesNs: Float64Array): number {
  const least = valuesNs.reduce(
    (min, value) => (value === 0 ? min : Math.min(min, Math.abs(value))),
    Infinity,
  )
  const declared = declaredPeriodNs(profile)
  if (declared !== null && declared <= least) return declared
  const common = divisorOf(valuesNs)
  // Few values have more in common than the period.
  if (common % GO_PERIOD_NS === 0) return GO_PERIOD_NS
  if (common >= COMMON_NS_MIN && common <= PERIOD_NS_MAX) return common
  return least >= COMMON_NS_MIN && least <= PERIOD_NS_MAX ? least : GO_PERIOD_NS
}

function declaredPeriodNs({ period, periodType }: Profile): number | null {
  const periodNs = Number(period) * (goUnitOf(periodType?.unit ?? '')?.factor ?? 1)
  return periodNs >= PERIOD_NS_MIN && periodNs <= PERIOD_NS_MAX ? periodNs : null
}

function inGoUnits(profile: Profile): Profile {
  const units = profile.sampleTypes.map(({ unit }) => goUnitOf(unit))
  const isGo = profile.sampleTypes.every(({ unit }, index) => (units[index]?.unit ?? unit) === unit)
  if (isGo) return profile
  const { samples } = profile
  return {
    ...profile,
    sampleTypes: profile.sampleTypes.map(({ type, unit }, index) => ({
      type,
      unit: units[index]?.unit ?? unit,
    })),
    samples: {
      ...samples,
      values: samples.values.map((column, index) => multiplied(column, units[index]?.factor ?? 1)),
    },
  }
}

function multiplied(column: ValueColumn, factor: number): ValueColumn {
  if (factor === 1) return column
  const values: (number | bigint)[] = []
  for (const value of column) {
    values.push(typeof value === 'bigint' ? value * BigInt(factor) : exactProduct(value, factor))
  }
  return valueColumnOf(values)
}

function exactProduct(value: number, factor: number): number | bigint {
  const product = value * factor
  return Number.isSafeInteger(product) ? product : BigInt(value) * BigInt(factor)
}

const SAMPLES: ValueType = { type: 'samples', unit: 'count' }
const CPU: ValueType = { type: 'cpu', unit: 'nanoseconds' }

function withCpuTime(profile: Profile): Profile {
  const isThere = profile.sampleTypes.some(({ type }) => type === 'cpu')
  const column = profile.sampleTypes.findIndex(({ type }) => type === 'samples')
  return isThere ? profile : sampledTime(profile, column)
}

function sampledTime(profile: Profile, column: number): Profile {
  const counts = profile.samples.values[column]
  const time = multiplied(counts, declaredPeriodNs(profile) ?? GO_PERIOD_NS)
  return withColumns(profile, [
    [SAMPLES, counts],
    [CPU, time],
  ])
}

/** Which sample type of Go's own is meant, for a profile of one value that does not say. */
const MEANT: Readonly<Record<ProfileType, ValueType | null>> = {
  cpu: CPU,
  heap: { type: 'inuse_space', unit: 'bytes' },
  allocs: { type: 'alloc_space', unit: 'bytes' },
  goroutine: { type: 'goroutine', unit: 'count' },
  threadcreate: { type: 'threadcreate', unit: 'count' },
  block: { type: 'delay', unit: 'nanoseconds' },
  mutex: { type: 'delay', unit: 'nanoseconds' },
  contention: null,
  other: null,
}

function takenFor(profile: Profile, stated: ProfileType): Profile {
  const meant = MEANT[stated]
  if (meant === null || profile.sampleTypes.length === 0) return profile
  const units = profile.sampleTypes.map(({ unit }) => unit)
  const sameUnit = units.lastIndexOf(meant.unit)
  const column = sameUnit === -1 ? units.length - 1 : sameUnit
  const isCounted = stated === 'cpu' && sameUnit === -1
  if (isCounted) return sampledTime(profile, column)
  return withColumns(profile, [[meant, profile.samples.values[column]]])
}

function withColumns(
  profile: Profile,
  columns: readonly (readonly [ValueType, ValueColumn])[],
): Profile {
  return {
    ...profile,
    defaultSampleType: '',
    sampleTypes: columns.map(([type]) => type),
    samples: { ...profile.samples, values: columns.map(([, values]) => values) },
  }
}
