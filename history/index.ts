export { type HistoryStore } from './history-store.ts'
export { type BlockHistoryNeeds, openBlockHistory } from './blocks/open-block-history.ts'
export { openUnpackedProfiles, type UnpackedProfiles } from './blocks/unpacked-profiles.ts'
export { type ReadBlobs } from './blocks/read-blocks.ts'
export { packBlocks, type PackingInput } from './blocks/pack-blocks.ts'
export { type RollUpInput, rollUpDays } from './blocks/roll-up-days.ts'
export { type ClickhouseDatabase, openClickhouseDatabase } from './clickhouse/open-database.ts'
export { openClickhouseHistory } from './clickhouse/open-clickhouse-history.ts'
export { MARK_LEAF, markOf, sumOfMarks } from './numbered/marks.ts'
export { NativeColumns } from './numbered/native-columns.ts'
export { openNumberedReader } from './numbered/numbered-reader.ts'
export { type NumberedContent, type NumberedInput, packNumbered } from './numbered/pack-numbered.ts'
export { type HistoryQuestion } from './numbered/questions.ts'
export { HistoryOptions } from './options.ts'
export { planRange, type RangePlan, type RangeRequest } from './plan.ts'
export { type LoadedBlocks, loadRange } from './ranges/load-range.ts'
export {
  type RangeSeries,
  type SampleChoice,
  seriesOfRange,
  type SeriesOptions,
} from './ranges/series-of-range.ts'
export { type RequestRate, requestRate, type ServedRequests } from './ranges/request-rates.ts'
export { recentlyUsed } from './ranges/recently-used.ts'
export { sumByLabel } from './ranges/sum-by-label.ts'
export { type SummedRange, sumRange } from './ranges/sum-range.ts'
export { periodOfStep, type PeriodMs } from './tiers.ts'
export { compileSelector, labelOf } from './selector.ts'
