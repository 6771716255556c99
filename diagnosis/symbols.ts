// The second entry of this folder, for those who check rules: what only judges profiles does not load it.
export { parsePath, type PatternWords } from './pattern/path-pattern.ts'
export { parseRuleWords } from './rule/rule-words.ts'
export { parseVersionRange, type VersionRange } from './rule/version-range.ts'
export {
  metricsMissingIn,
  type MetricInventory,
  parseMetricInventory,
  type UnknownMetric,
  unknownMetrics,
} from './symbols/metric-inventory.ts'
export { type NearMiss, nearMisses } from './symbols/near-misses.ts'
export { patternsOfRule, patternsOfWords, type WrittenPattern } from './symbols/rule-patterns.ts'
export {
  packageOf,
  parseInventory,
  type SymbolInventory,
  type VersionsByTrack,
} from './symbols/symbol-inventory.ts'
export { type UnknownFunction, unknownFunctions } from './symbols/unknown-functions.ts'
