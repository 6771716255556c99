export { type CaptureFileKind, type CaptureFileName, captureFileOf } from './capture-files.ts'
export { diagnose, type DiagnoseOptions, judge, type Judgement, renderReport } from './diagnose.ts'
export { parseMetrics, sumOf as totalOfMetric } from './judge/facts/metrics.ts'
export type { CaptureFacts } from './judge/facts/capture-facts.ts'
export { judgeRule, measureRule } from './judge/verdict/judge-rule.ts'
export { profileTypeOf } from './judge/prepare/go-input.ts'
export type { Baseline, Levels, OpenRise, TimedLevels } from './judge/facts/baseline.ts'
export { mergeLevels } from './judge/usual/levels.ts'
export { measuredLevels } from './judge/usual/measured-levels.ts'
export type { DiagnosisInput } from './judge/facts/diagnosis-input.ts'
export { prepareInput } from './judge/prepare/prepare-input.ts'
export type { LogText } from './judge/facts/scan-logs.ts'
export { LEVEL_ORDER } from './judge/verdict/verdict.ts'
export {
  allRules,
  compileRules,
  readsOf,
  type RuleDocument,
  type RuleFault,
  type RuleSet,
  type RuleSources,
} from './rule/rule-set.ts'
export { OVERRIDES_FILE } from './rule/overrides.ts'
export { type RuleImage, ruleImageOf, ruleSetOf } from './rule/rule-image.ts'
export type { CombinedRule, Reads, Rule, RuleCase, RuleHead } from './rule/rule.ts'
export { profileOfCase, runCase } from './run-case.ts'
export { describeRule, type RuleDescription } from './describe-rule.ts'
export { fillNext, type NextValues, NO_VALUES, plainNext } from './render/advice/fill-next.ts'
export { adviceTo, plainAdvice, plainText } from './render/advice/plain-advice.ts'
export { isForComponent } from './judge/facts/component.ts'
export { versionsNamed } from './rule/expression.ts'
export { parseVersionRange, rangesMeet } from './rule/version-range.ts'
export { type JudgementSummary, summariseJudgement } from './summarise-judgement.ts'
export { type RuleTrial, type TriedPath, tryRule } from './try-rule.ts'
