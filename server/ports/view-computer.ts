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
 * Computes views of stored profiles, outside of the caller's process: a view costs time and memory. All throw
 * PROFILE_NOT_READY (or the profile's own failure), PATTERN_INVALID, VIEW_INVALID, VIEW_TIMEOUT or OVERLOADED.
 */
export type ViewComputer = ViewFunctions<StoredProfile>

/** Sums up execution traces, outside of the caller's process too. */
export interface TraceSummariser {
  /**
   * Of a capture that is there. Throws FILE_NOT_FOUND where it has no trace, PROFILE_INVALID or PROFILE_TOO_LARGE where
   * its trace cannot be read, VIEW_TIMEOUT or OVERLOADED.
   */
  summariseTrace(captureId: string): Promise<TraceReply>
}

/** A process that computes holds so many at once without running into its memory limit; see docs/benchmarks.md. */
export const PROFILES_TOGETHER_MAX = 100

/**
 * Computes what several stored profiles show together, each kind of sample type in the one way that means something. All
 * throw VIEW_INVALID where profiles cannot be put together, PROFILE_NOT_READY, VIEW_TIMEOUT or OVERLOADED.
 */
export interface TimeViewComputer {
  /** Several profiles of a side are merged first. */
  compare(
    a: readonly StoredProfile[],
    b: readonly StoredProfile[],
    options: TableOptions,
  ): Promise<CompareReply>
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
