import type {
  CompareQuery,
  CompareReply,
  MergeQuery,
  MergeReply,
  TraceReply,
  TrendQuery,
  TrendReply,
  ViewReplies,
  ViewRequest,
} from '../../api/index.ts'
import type { ProfileLabel } from '../../store/index.ts'

/** Computes views of stored profiles, outside of the caller's process: a view costs time and memory. */
export interface ViewComputer {
  /**
   * Throws PROFILE_NOT_FOUND, PROFILE_NOT_READY (or the profile's own failure), PATTERN_INVALID, VIEW_INVALID,
   * VIEW_TIMEOUT or OVERLOADED.
   */
  computeView<Request extends ViewRequest>(
    profileId: string,
    request: Request,
  ): Promise<ViewReplies[Request['view']]>
}

/** Sums up execution traces, outside of the caller's process too. */
export interface TraceSummariser {
  /**
   * Of a capture that is there. Throws FILE_NOT_FOUND where it has no trace, PROFILE_INVALID or PROFILE_TOO_LARGE where
   * its trace cannot be read, VIEW_TIMEOUT or OVERLOADED.
   */
  summariseTrace(captureId: string): Promise<TraceReply>
}

/** Computes what several stored profiles show together, each kind of sample type in the one way that means something. */
export interface TimeViewComputer {
  /**
   * All three throw PROFILE_NOT_FOUND where there is nothing to look at, REQUEST_INVALID, VIEW_INVALID where profiles
   * cannot be put together, VIEW_TIMEOUT or OVERLOADED.
   */
  compare(query: CompareQuery): Promise<CompareReply>
  merge(query: MergeQuery, labels: readonly ProfileLabel[]): Promise<MergeReply>
  /** The merged profile itself: gzipped profile.proto. */
  mergeFile(query: MergeQuery, labels: readonly ProfileLabel[]): Promise<Uint8Array>
  trend(query: TrendQuery, labels: readonly ProfileLabel[]): Promise<TrendReply>
}
