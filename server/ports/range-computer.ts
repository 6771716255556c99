import type {
  RangeFlameQuery,
  RangeFlameReply,
  RangeGraphQuery,
  RangeGraphReply,
  RangeLabelsQuery,
  RangeLabelsReply,
  RangeMoversQuery,
  RangeMoversReply,
  RangeOutliersQuery,
  RangeOutliersReply,
  RangePeekQuery,
  RangePeekReply,
  RangeRawQuery,
  RangeRequestsQuery,
  RangeRequestsReply,
  RangeSeriesQuery,
  RangeSeriesReply,
  RangeTopQuery,
  RangeTopReply,
  RangeTreeQuery,
  RangeTreeReply,
  RangeValuesQuery,
  RangeValuesReply,
} from '../../api/index.ts'

/** Computes views of ranges of history outside the caller's process, those of a space alone. */
export type RangeComputer = (space: string) => RangeViews

/**
 * Views of the ranges of a space. All throw SELECTOR_INVALID; the views throw
 * RANGE_EMPTY, RANGE_TOO_LARGE, PATTERN_INVALID, VIEW_INVALID, VIEW_TIMEOUT or OVERLOADED too.
 */
export interface RangeViews {
  top(query: RangeTopQuery): Promise<RangeTopReply>
  flame(query: RangeFlameQuery): Promise<RangeFlameReply>
  peek(query: RangePeekQuery): Promise<RangePeekReply>
  tree(query: RangeTreeQuery): Promise<RangeTreeReply>
  graph(query: RangeGraphQuery): Promise<RangeGraphReply>
  /** Gzipped profile.proto. */
  raw(query: RangeRawQuery): Promise<Uint8Array>
  /** Gzipped columns of the one kind of sample types that was asked for. */
  columns(query: RangeRawQuery): Promise<Uint8Array>
  series(query: RangeSeriesQuery): Promise<RangeSeriesReply>
  outliers(query: RangeOutliersQuery): Promise<RangeOutliersReply>
  movers(query: RangeMoversQuery): Promise<RangeMoversReply>
  /** What the processes served, where the metrics of captures say so; null without. */
  requests(query: RangeRequestsQuery): Promise<RangeRequestsReply>
  labels(query: RangeLabelsQuery): Promise<RangeLabelsReply>
  values(query: RangeValuesQuery): Promise<RangeValuesReply>
}
