import type {
  CompareReply,
  MergeReply,
  TableOptions,
  TraceReply,
  TrendOptions,
  TrendReply,
  ViewFunctions,
} from '../../api/index.ts'
import type { StoredProfile } from '../../store/index.ts'

/**
 * Computes views of stored profiles outside the caller's process, because a view costs time and
 * memory. All throw PROFILE_NOT_READY (or the profile's own failure), PATTERN_INVALID,
 * VIEW_INVALID, VIEW_TIMEOUT or OVERLOADED.
 */
export type ViewComputer = ViewFunctions<StoredProfile>

/** What compared values are divided by: seconds, nothing, or the requests of so many a second. */
export type ComparedPer = 'second' | 'profile' | { readonly before: number; readonly after: number }

/** Summarises execution traces outside the caller's process. */
export interface TraceSummariser {
  /**
   * The capture must exist. Throws FILE_NOT_FOUND when it has no trace, PROFILE_INVALID or
   * PROFILE_TOO_LARGE when its trace cannot be read, VIEW_TIMEOUT or OVERLOADED.
   */
  summariseTrace(captureId: string): Promise<TraceReply>
}

/** A decoder process can hold this many at once within its memory limit; see docs/benchmarks.md. */
export const PROFILES_TOGETHER_MAX = 100

/**
 * Computes views of several stored profiles, combining each kind of sample type correctly. All
 * throw VIEW_INVALID when the profiles do not fit together, PROFILE_NOT_READY, VIEW_TIMEOUT or
 * OVERLOADED.
 */
export interface TimeViewComputer {
  /** Several profiles of a side are merged first. Rates are above 0. */
  compare(
    a: readonly StoredProfile[],
    b: readonly StoredProfile[],
    options: TableOptions & { readonly per: ComparedPer },
  ): Promise<Omit<CompareReply, 'requests'>>
  merge(
    profiles: readonly StoredProfile[],
    options: TableOptions,
  ): Promise<Omit<MergeReply, 'isCut' | 'does'>>
  /** The merged profile itself: gzipped profile.proto. */
  mergeFile(profiles: readonly StoredProfile[], options: TableOptions): Promise<Uint8Array>
  trend(
    profiles: readonly StoredProfile[],
    options: TrendOptions,
  ): Promise<Omit<TrendReply, 'isCut'>>
}
