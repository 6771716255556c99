import type { Profile } from '../profile/index.ts'
import { foldVerdicts } from './judge/fold-verdicts.ts'
import { gcAccountOf } from './judge/gc-account.ts'
import { judgeCombined } from './judge/judge-combined.ts'
import { judgeRule } from './judge/judge-rule.ts'
import { type DiagnosisInput, prepareInput, type PreparedInput } from './judge/prepare-subject.ts'
import type { Tally } from './judge/tally.ts'
import { sumMetrics } from './judge/sum-metrics.ts'
import type { Language, Report, ReportInput } from './report.ts'
import type { RuleSet } from './rule/rule-set.ts'
import { tellFinding } from './tell/tell-finding.ts'
import { tellNotes } from './tell/tell-notes.ts'

export interface DiagnoseOptions {
  readonly language: Language
  /** The process's /metrics page, taken at the same time. */
  readonly metrics?: string
}

/** Judges the profiles of one process, taken at about one time, and says what is wrong. */
export function diagnose(
  inputs: readonly DiagnosisInput[],
  ruleSet: RuleSet,
  { language, metrics }: DiagnoseOptions,
): Report {
  return tell(judge(inputs, ruleSet, metrics), ruleSet, { language })
}

/** What the rules found, before it is put into words. */
export type Judgement = ReturnType<typeof judge>

/** For telling one judgement in several languages. */
export function judge(inputs: readonly DiagnosisInput[], ruleSet: RuleSet, metricsText = '') {
  const prepared = inputs.map((input, row) => prepareInput(input, row, ruleSet))
  const subjects = prepared.map(({ subject }) => subject)
  const surroundings = { subjects, ruleSet, metrics: sumMetrics(metricsText) }
  const verdicts = [
    ...subjects.flatMap((subject) => ruleSet.rules.flatMap((rule) => judgeRule(rule, subject))),
    ...ruleSet.combined.flatMap((rule) => judgeCombined(rule, surroundings)),
  ]
  const accounts = prepared.flatMap(({ subject }) => gcAccountOf(ruleSet, subject) ?? [])
  return { prepared, told: foldVerdicts(verdicts), gc: accounts.at(0) ?? null }
}

export function tell(
  { prepared, told, gc }: Judgement,
  ruleSet: RuleSet,
  { language }: Pick<DiagnoseOptions, 'language'>,
): Report {
  return {
    version: 1,
    language,
    inputs: prepared.map(reportInputOf),
    gc,
    findings: told.map((verdict) => tellFinding(verdict, ruleSet, language)),
    notes: prepared.flatMap((input) => tellNotes(input, language)),
  }
}

function reportInputOf({ input, subject, origin, repair }: PreparedInput): ReportInput {
  const [tally] = subject.tallies.values()
  const { durationNs } = input.profile
  return {
    path: input.path,
    type: subject.type,
    component: origin.component,
    kubernetesVersion: origin.kubernetesVersion,
    goVersion: origin.goVersion,
    durationSeconds: durationNs > 0n ? Number(durationNs) / 1e9 : null,
    samples: samplesOf(subject.type, tally, input.profile),
    cutShare: repair.cutShare,
    rerootedShare: repair.rerootedShare,
  }
}

/** Heap profiles say how many objects were allocated, not how many of them were sampled. */
function samplesOf(type: string, tally: Tally | undefined, profile: Profile): number {
  const isHeap = type === 'heap' || type === 'allocs'
  return isHeap ? profile.samples.length : (tally?.total.count ?? 0)
}
