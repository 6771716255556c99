import type { ProfileHeader } from '../columns/profile-builder.ts'
import { type SampleKind, sampleKindOfType } from '../origin/sample-kind.ts'
import type { Profile, ValueType } from '../types.ts'

/**
 * Profiles of one target and type that share their strings, frames, stacks and label sets. Each profile is a member: a
 * sparse column of values over the rows of the block. Members are in order of process, time, id.
 */
export interface Block {
  readonly shape: BlockShape
  /** A profile without sample types; its samples are the rows: each pair of stack and label set once. */
  readonly tables: Profile
  readonly headers: readonly BlockHeader[]
  readonly members: readonly BlockMember[]
}

/** What all profiles of a block have in common; others lie in other blocks. */
export interface BlockShape {
  readonly sampleTypes: readonly ValueType[]
  readonly periodType: ValueType | null
  /** Whether the profiles declare a duration: all their sample types are intervals then. */
  readonly isTimed: boolean
}

/** What of a profile's header many profiles have in common. */
export type BlockHeader = Required<
  Pick<
    ProfileHeader,
    | 'defaultSampleType'
    | 'period'
    | 'comments'
    | 'docUrl'
    | 'dropFrames'
    | 'keepFrames'
    | 'warnings'
  >
>

/** A profile as its history knows it. */
export interface ProfileEntry {
  /** Unique in a block. */
  readonly profileId: string
  /** The set of labels that selectors match. */
  readonly series: string
  /** Identifies the process within the target. */
  readonly process: string
  /** When it was taken, in milliseconds since the Unix epoch. Ties are in order of id. */
  readonly atMs: number
}

/** Consecutive profiles of one process and one set of labels as one member, whose entry is that of the first. */
export interface RolledUp {
  /** When the last of them was taken. */
  readonly lastMs: number
  readonly profileCount: number
  readonly restartCount: number
  /** The time in which cumulative values grew from the first to the last. */
  readonly grownMs: number
}

export interface BlockMember extends ProfileEntry {
  /**
   * Null for a single profile. Else times, durations and totals are those of all: the earliest, and the sums. The column
   * has the sum of each sample type, of cumulative ones the growth from the first profile to the last; then for each
   * cumulative type its values in the first; then for each what the last has beyond these and the growth.
   */
  readonly rolled: RolledUp | null
  /** Row of `headers`. */
  readonly header: number
  readonly timeNs: bigint
  readonly durationNs: bigint
  /** True when the column holds the change since the member before, which is of the same process. */
  readonly isDelta: boolean
  /** True when a cumulative value is less than in the member before, of the same process: it counts from 0 again. */
  readonly hasRestarted: boolean
  /** Of each sample type: the sum of absolute values of the profile itself. */
  readonly totals: readonly bigint[]
  /** Of all that the column has: the sum of absolute values, at least 2^53 where it is that large. */
  readonly magnitudes: readonly number[]
  /** As `encodeSparse` writes it. */
  readonly column: Uint8Array
}

export function shapeOf({
  sampleTypes,
  periodType,
  durationNs,
}: Pick<Profile, 'sampleTypes' | 'periodType' | 'durationNs'>): BlockShape {
  return { sampleTypes, periodType, isTimed: durationNs > 0n }
}

/** Equal for equal shapes. */
export function shapeKey({ sampleTypes, periodType, isTimed }: BlockShape): string {
  const typed = [...sampleTypes, ...(periodType === null ? [] : [periodType])]
  return JSON.stringify([
    isTimed,
    sampleTypes.length,
    ...typed.flatMap((one) => [one.type, one.unit]),
  ])
}

export function kindsOf({ sampleTypes, isTimed }: BlockShape): readonly SampleKind[] {
  return sampleTypes.map(({ type }) => sampleKindOfType(type, isTimed))
}

/** The sample types that count since the start of a process. */
export function cumulativeTypes(shape: BlockShape): readonly number[] {
  return kindsOf(shape).flatMap((kind, type) => (kind === 'cumulative' ? [type] : []))
}

/** How many values each row of a member's column has. */
export function columnWidth(shape: BlockShape, { rolled }: Pick<BlockMember, 'rolled'>): number {
  const typeCount = shape.sampleTypes.length
  return rolled === null ? typeCount : typeCount + 2 * cumulativeTypes(shape).length
}

export function profileCountOf({ rolled }: Pick<BlockMember, 'rolled'>): number {
  return rolled === null ? 1 : rolled.profileCount
}

/** When the last profile of a member was taken. */
export function lastMsOf({ rolled, atMs }: Pick<BlockMember, 'rolled' | 'atMs'>): number {
  return rolled === null ? atMs : rolled.lastMs
}

/** Whether columns hold changes: values of intervals have nothing to do with those before. */
export function isChained(shape: BlockShape): boolean {
  return kindsOf(shape).some((kind) => kind !== 'interval')
}

export function compareEntries(a: ProfileEntry, b: ProfileEntry): number {
  if (a.process !== b.process) return a.process < b.process ? -1 : 1
  if (a.atMs !== b.atMs) return a.atMs - b.atMs
  if (a.profileId === b.profileId) return 0
  return a.profileId < b.profileId ? -1 : 1
}
