import { nameFuncs } from '../func-names.ts'
import type { Profile, ValueColumn, ValueType } from '../types.ts'
import { buildCallTree } from './call-tree.ts'
import type { CallTree } from './call-tree.ts'
import { nameFrames } from './frame-names.ts'
import type { Granularity } from './frame-names.ts'

/** A profile ready to be looked at: repaired, filtered, one sample type chosen, its calls as a tree. */
export interface View {
  /** After repair and filters. */
  readonly profile: Profile
  readonly sampleType: ValueType
  /** A value for each sample of `profile`. */
  readonly values: ValueColumn
  /** Of the whole profile before any filter; what shares are of. */
  readonly total: ViewTotal
  /** Of what the filters left. */
  readonly filteredTotal: ViewTotal
  readonly tree: CallTree
}

/** The sum of absolute values, as `pprof` has it: rounded to a double, and exact. */
export interface ViewTotal {
  readonly value: number
  readonly exact: bigint
}

export interface ViewOptions {
  /** A row of `sampleTypes`. */
  readonly sampleTypeIndex: number
  readonly granularity: Granularity
  readonly hasInlines: boolean
}

/** The one way from a profile to its views. */
export function openView(profile: Profile, options: ViewOptions): View {
  const { sampleTypeIndex, granularity, hasInlines } = options
  const values = profile.samples.values[sampleTypeIndex]
  const funcNames = nameFuncs(profile).names
  return {
    profile,
    sampleType: profile.sampleTypes[sampleTypeIndex],
    values,
    total: totalOf(values),
    filteredTotal: totalOf(values),
    tree: buildCallTree({
      profile,
      values,
      frameNames: nameFrames(profile, { granularity, hasInlines, funcNames }),
      isCut: null,
      cutName: '(cut at 64 frames)',
    }),
  }
}

function totalOf(values: ValueColumn): ViewTotal {
  if (values instanceof Float64Array) {
    let value = 0
    for (const sample of values) value += Math.abs(sample)
    return { value, exact: BigInt(value) }
  }
  let exact = 0n
  for (const sample of values) exact += sample < 0n ? -sample : sample
  return { value: Number(exact), exact }
}
