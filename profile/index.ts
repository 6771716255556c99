export { checkProfile } from './columns/check-profile.ts'
export {
  COLUMNS_VERSION,
  decodeColumns,
  decodeUnread,
  encodeColumns,
  type UnreadProfile,
} from './codec/columns-codec.ts'
export {
  type Block,
  type BlockHeader,
  type BlockMember,
  type BlockShape,
  compareEntries,
  cumulativeTypes,
  lastMsOf,
  type ProfileEntry,
  profileCountOf,
  shapeKey,
} from './history/block.ts'
export { BLOCK_VERSION, decodeBlock, encodeBlock } from './history/block-codec.ts'
export { blockOfProfiles, type EnteredProfile } from './history/block-of-profiles.ts'
export { blockOfRuns, type SummedRun } from './history/block-of-runs.ts'
export { chainsOf, GAP_MS, grownMsOf, type Link } from './history/chains.ts'
export { type ChangePoint, changePoints } from './history/change-points.ts'
export { EMPTY_TABLES, type UnifiedRows, unifyRows } from './history/unify-rows.ts'
export { wholeBlock } from './history/whole-block.ts'
export { sortedValues } from './history/sorted-values.ts'
export { refuseWide } from './history/checked-sums.ts'
export { withoutClosures } from './names/without-closures.ts'
export { totalOf } from './history/totals.ts'
export { type WholeColumn, wholeColumns } from './history/whole-columns.ts'
export { type MemberValue, memberValues, type ValueOptions } from './history/member-values.ts'
export { mergeBlocks } from './history/merge-blocks.ts'
export { type SumOptions } from './history/range-adder.ts'
export { releaseBlocks } from './history/release-blocks.ts'
export { type NumberedPaths, type PathRows, rowsOfPaths } from './history/rows-of-paths.ts'
export { rollUp } from './history/roll-up.ts'
export { type PartSum, SumAdder } from './history/add-sums.ts'
export { type RangeSum, sumBlocks, typesOfKind } from './history/sum-blocks.ts'
export { combineProfiles } from './combine/combine-profiles.ts'
export { sharedTexts } from './combine/shared-texts.ts'
export { type DecodeText } from './codec/byte-reader.ts'
export { decodeFolded } from './text/decode-folded.ts'
export { decodeLegacy, hasMemoryMap } from './legacy/decode-legacy.ts'
export { decodeParts, type ProfileParts } from './decode/decode-parts.ts'
export { decodePrintedReport } from './printed/decode-printed-report.ts'
export { decodeProfile } from './decode/decode-profile.ts'
export { type DecodeOptions } from './decode/decode-sections.ts'
export { decodeSpeedscope } from './text/decode-speedscope.ts'
export { decodeUtf16, encodeUtf8, isTextStart } from './columns/utf8.ts'
export { decodeTextDump } from './dumps/decode-text-dump.ts'
export { type Delta, deltaOf, type FallenValue } from './combine/delta-of.ts'
export { encodeProfile } from './codec/encode-profile.ts'
export { explainBytes } from './decode/explain-bytes.ts'
export { baseName, cleanPath, trimFilePath, type TrimPathOptions } from './names/file-path.ts'
export { compileRegex, type RegexEngine, RegexError } from './filter/compile-regex.ts'
export {
  FILTER_KINDS,
  type FilterKind,
  type FilterStep,
  formatFilterSteps,
  parseFilterSteps,
  PPROF_FILTER_KINDS,
  type PprofFilterKind,
  pprofRuns,
} from './filter/filter-steps.ts'
export { filterInTurn, filterProfile, type ProfileFilters } from './filter/filter-profile.ts'
export {
  isSameUnitKind,
  percentageLabel,
  type ScaledValue,
  scaledLabel,
  scaleValue,
  type WholeNumber,
} from './units/format-value.ts'
export {
  formatCores,
  formatCount,
  formatDurationNs,
  formatShare,
  formatSizeBytes,
  formatValue,
} from './units/format-quantity.ts'
export { cutCppArguments, shortenFuncName, simplifyFuncName } from './names/func-name.ts'
export {
  type FuncNames,
  nameFuncs,
  normaliseFuncName,
  packageOfFile,
  packageOfName,
} from './names/func-names.ts'
export { cpuPeriodNs, withGoSampleTypes } from './origin/go-sample-types.ts'
export { KNOWN_PROGRAMS } from './origin/known-programs.ts'
export { inferOrigin, type ProfileOrigin } from './origin/infer-origin.ts'
export { addLabelFrames, type LabelFrameOptions } from './filter/label-frames.ts'
export { labelSamples } from './combine/label-samples.ts'
export { mergeOverTime, type MergedOverTime } from './combine/merge-over-time.ts'
export { mergeProfiles } from './combine/merge-profiles.ts'
export { HIDDEN_VALUE, redactProfile, type Redaction } from './combine/redact-profile.ts'
export { ProfileMerger } from './combine/profile-merger.ts'
export { type NumberLabelUnits, numberLabelUnits } from './filter/number-label-units.ts'
export {
  type CallGraph,
  callGraph,
  type CallGraphOptions,
  type GraphEdge,
  type GraphNode,
} from './report/graph/call-graph.ts'
export { type FilteredReport, openFilteredReport } from './report/filtered-report.ts'
export { openReport, type Report, sampleTypeIndex } from './report/open-report.ts'
export { type PlaceIds, readPlaceIds } from './decode/place-ids.ts'
export {
  type PrintReport,
  PROTO_REPORTS,
  TEXT_REPORTS,
  type TextReportName,
} from './report/print-report.ts'
export {
  type LabelDraft,
  type LocationDraft,
  type MappingDraft,
  ProfileBuilder,
  type ProfileHeader,
} from './columns/profile-builder.ts'
export { release as releaseBytes } from './columns/growing-column.ts'
export { faultOf, type ProfileFault, ProfileFormatError } from './profile-format-error.ts'
export { type FoldedHeader, profileFromFolded } from './text/profile-from-folded.ts'
export { DEFAULT_PROFILE_LIMITS, type ProfileLimits } from './decode/profile-limits.ts'
export { dropFrames } from './filter/prune-frames.ts'
export { type RepairedStacks, repairStacks } from './repair/repair-stacks.ts'
export { ReportError } from './report-error.ts'
export { profileHeader, valueFormat } from './report/graph/report-header.ts'
export {
  DEFAULT_REPORT_SETTINGS,
  type FormatTime,
  fractionText,
  type ReportSettings,
  type ReportSymbol,
} from './report/report-settings.ts'
export { listReport, type ReadSourceLines } from './report/text/list-report.ts'
export { topReport } from './report/text/top-report.ts'
export {
  defaultSampleTypeIndex,
  inferProfileType,
  type ProfileType,
  type SampleKind,
  sampleKindOf,
  sampleTypeRow,
} from './origin/sample-kind.ts'
export * from './types.ts'
export { subtractProfile, type SubtractOptions } from './combine/subtract-profile.ts'
export { showSymbolNames, type SymbolNameOptions } from './names/symbol-names.ts'
export {
  isInTagRange,
  parseTagFilter,
  parseTagRange,
  type TagFilter,
  type TagRange,
} from './filter/tag-filter.ts'
export { type CallTree, ROOT, type TreeNode } from './views/call-tree.ts'
export { type DiffTree, diffTree } from './views/diff-tree.ts'
export {
  type Change,
  type DiffNote,
  type DiffOptions,
  type ComparedPer,
  diffProfiles,
  type DiffRow,
  type ProfileDiff,
  type RequestRates,
} from './views/diff-profiles.ts'
export { drawFlameSvg, escapeXml, flameSvg, type FlameSvgOptions } from './views/flame-svg.ts'
export { FILTER_CHAIN_PATTERN, hasLongChain, isFilterChain } from './views/filter-chain.ts'
export {
  type FlameFrame,
  type FlameRange,
  type FlameView,
  flameView,
  placeInTree,
} from './views/flame-view.ts'
export { type Granularity } from './views/frame-names.ts'
export { cutName, markCutStacks } from './views/mark-cut-stacks.ts'
export {
  type FunctionGroup,
  type NameSum,
  samplesOfGroup,
  samplesOfName,
  sumOfName,
  totalOfType,
} from './views/name-sum.ts'
export { openView, repairForViews, type View, type ViewOptions } from './views/open-view.ts'
export { type PeekItem, type PeekView, peekView } from './views/peek-view.ts'
export { reshapeTree, type TreeShape } from './views/reshape-tree.ts'
export { type SandwichTrees, sandwichView } from './views/sandwich-view.ts'
export { type SearchView, searchView } from './views/search-view.ts'
export { type SubsystemId, SUBSYSTEMS } from './views/subsystem-table.ts'
export { subsystemOf } from './views/subsystem.ts'
export { type Tag, tagsView } from './views/tags-view.ts'
export { type Trace, type TraceFrame, type TracesView, tracesView } from './views/traces-view.ts'
export {
  type PackageRow,
  packagePathOf,
  packagesView,
  sumByName,
  type TopRow,
  type TopView,
  topView,
} from './views/top-view.ts'
export {
  findSampleType,
  readViewQuery,
  SampleTypeError,
  type ViewQuery,
} from './views/view-query.ts'
export { heaviestPath, type TreeRow, treeRows } from './views/tree-rows.ts'
export { withBinary, withoutUrlFiles, withMapping } from './combine/with-mapping.ts'
export { type Stretch } from './trace/goroutine-states.ts'
export { traceVersion } from './trace/read-generations.ts'
export {
  type SpreadSummary,
  summariseTrace,
  type TraceSummary,
  type WaitSummary,
} from './trace/summarise-trace.ts'
