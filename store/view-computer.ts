import type { ViewReplies, ViewRequest } from '../api/index.ts'

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
