import type { DiffRow, ProfileDiff } from '../../profile/index.ts'

export interface MainChange {
  readonly row: DiffRow
  /** How many other functions changed beyond noise, those on the same stacks included. */
  readonly otherCount: number
}

/** What is nearly as large as the largest change; callers of what changed changed by as much. */
const PART_OF_LARGEST = 0.8

/**
 * The function that names the change between two profiles best: of those that changed about as much as any, the one that
 * changed most in proportion to itself. `null` where nothing changed beyond sampling noise.
 */
export function mainChange({ rows, sampleType }: ProfileDiff): MainChange | null {
  const real = rows.filter(({ cum }) => cum.isNoise !== true && cum.difference !== 0)
  // All goroutines wait in the same few functions of the runtime, which name no change.
  const named =
    sampleType.type === 'goroutine' ? real.filter(({ name }) => !name.startsWith('runtime.')) : real
  const largest = named.reduce((most, { cum }) => Math.max(most, Math.abs(cum.difference)), 0)
  const [row] = named
    .filter(({ cum }) => Math.abs(cum.difference) >= largest * PART_OF_LARGEST)
    .toSorted((a, b) => keptPart(a) - keptPart(b) || sizeOf(b) - sizeOf(a))
  return row === undefined ? null : { row, otherCount: real.length - 1 }
}

/** 0 where it is new or gone, 1 where it is as before. */
function keptPart({ cum }: DiffRow): number {
  const [less, more] = [Math.abs(cum.before), Math.abs(cum.after)].toSorted((a, b) => a - b)
  return more === undefined || more === 0 ? 1 : (less ?? 0) / more
}

function sizeOf({ cum }: DiffRow): number {
  return Math.abs(cum.difference)
}
