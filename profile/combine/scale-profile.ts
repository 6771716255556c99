import { keepSamples } from '../filter/rewrite-stacks.ts'
import type { Profile, ValueColumn } from '../types.ts'
import { valueColumnOf } from '../columns/value-column.ts'

/**
 * Each value times the ratio of its type, rounded, halves away from zero. A sample of which every scaled value is 0
 * goes. https://github.com/google/pprof/blob/main/profile/profile.go
 */
export function scaleProfile(profile: Profile, ratios: readonly number[]): Profile {
  if (ratios.every((ratio) => ratio === 1)) return profile
  const { samples } = profile
  const isKept = new Uint8Array(samples.length)
  const values = scaleColumns(profile, ratios)
  values.forEach((scaled, type) => {
    if (ratios[type] === 1) return
    for (let sample = 0; sample < samples.length; sample++) {
      if (Number(scaled[sample]) !== 0) isKept[sample] = 1
    }
  })
  return keepSamples({ ...profile, samples: { ...samples, values } }, isKept)
}

/** The columns of values, each times the ratio of its type, rounded, halves away from zero. */
export function scaleColumns({ samples }: Profile, ratios: readonly number[]): ValueColumn[] {
  return samples.values.map((column, type) =>
    ratios[type] === 1 ? column : scaleColumn(column, ratios[type]),
  )
}

function scaleColumn(column: ValueColumn, ratio: number): ValueColumn {
  const values: (number | bigint)[] = []
  for (const value of column) values.push(wholeNumber(roundAway(Number(value) * ratio)))
  return valueColumnOf(values)
}

function wholeNumber(double: number): number | bigint {
  return Number.isSafeInteger(double) ? double : BigInt.asIntN(64, BigInt(double))
}

function roundAway(value: number): number {
  const rounded = Math.sign(value) * Math.round(Math.abs(value))
  // Adding 0 makes -0 a 0.
  return rounded + 0
}
