import {
  type Block,
  type BlockHeader,
  type BlockMember,
  type ProfileEntry,
  shapeOf,
} from './block.ts'
import { mergeProfiles } from '../combine/merge-profiles.ts'
import { encodeSparse } from './sparse-column.ts'
import type { Profile, ValueColumn } from '../types.ts'

/** A block of one profile: equal samples as one, without those of no value. */
export function blockOfProfile(entry: ProfileEntry, profile: Profile): Block {
  const merged = mergeProfiles([profile])
  const { samples } = merged
  const rows = Uint32Array.from({ length: samples.length }, (_, row) => row)
  const magnitudes = samples.values.map(magnitudeOf)
  const member: BlockMember = {
    ...entry,
    header: 0,
    timeNs: profile.timeNs,
    durationNs: profile.durationNs,
    isDelta: false,
    hasRestarted: false,
    totals: samples.values.map(totalOf),
    magnitudes,
    column: encodeSparse({ rows, values: samples.values }),
  }
  return {
    shape: shapeOf(profile),
    tables: tablesOnly(merged),
    headers: [headerOf(profile)],
    members: [member],
  }
}

function headerOf(profile: Profile): BlockHeader {
  const { defaultSampleType, period, comments, docUrl, dropFrames, keepFrames, warnings } = profile
  return { defaultSampleType, period, comments, docUrl, dropFrames, keepFrames, warnings }
}

/** The profile with its tables and rows alone. */
export function tablesOnly(profile: Profile): Profile {
  return {
    ...profile,
    sampleTypes: [],
    defaultSampleType: '',
    periodType: null,
    period: 0n,
    timeNs: 0n,
    durationNs: 0n,
    comments: [],
    docUrl: '',
    dropFrames: '',
    keepFrames: '',
    warnings: [],
    samples: { ...profile.samples, values: [], inferredDepth: null },
  }
}

/** The sum of absolute values; as a double it is exact below 2^53, and not below 2^53 otherwise. */
export function magnitudeOf(values: ValueColumn): number {
  return Number(totalOf(values))
}

function totalOf(values: ValueColumn): bigint {
  if (values instanceof Float64Array) {
    let sum = 0
    for (const value of values) sum += Math.abs(value)
    if (sum <= Number.MAX_SAFE_INTEGER) return BigInt(sum)
  }
  let sum = 0n
  for (const value of values) {
    const wide = BigInt(value)
    sum += wide < 0n ? -wide : wide
  }
  return sum
}
