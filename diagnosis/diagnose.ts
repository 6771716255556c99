import type { Profile } from '../profile/index.ts'
import { agreeOnOrigins } from './judge/facts/agree-on-origin.ts'
import { applyOverrides } from './judge/verdict/apply-overrides.ts'
import { type CaptureFacts, originInMetrics, readFacts } from './judge/facts/capture-facts.ts'
import { coverageOf } from './judge/verdict/coverage.ts'
import { foldVerdicts } from './judge/verdict/fold-verdicts.ts'
import { gcAccountOf } from './judge/match/gc-account.ts'
import { judgeCombined } from './judge/verdict/judge-combined.ts'
import { judgeRule } from './judge/verdict/judge-rule.ts'
import type { DiagnosisInput } from './judge/facts/diagnosis-input.ts'
import { prepareInput, type PreparedInput } from './judge/prepare/prepare-input.ts'
import { withoutPastWaits } from './judge/verdict/past-waits.ts'
import { findRisen } from './judge/verdict/risen.ts'
import type { Tally } from './judge/prepare/tally.ts'
import type { Language, Report, ReportInput } from '../api/index.ts'
import type { RuleSet } from './rule/rule-set.ts'
import { withoutLinesOfOthers } from './render/advice/repeated-lines.ts'
import { otherFindings } from './render/advice/other-findings.ts'
import { renderFinding } from './render/render-finding.ts'
import { takenProfiles } from './render/advice/taken-profiles.ts'
import {
  renderLogNotes,
  renderNotes,
  renderOverridden,
  renderRisen,
} from './render/render-notes.ts'
import { renderSummary } from './render/render-summary.ts'

export interface DiagnoseOptions extends CaptureFacts {
  readonly language: Language
}

/** Judges the profiles of one process, taken at about one time, and renders the report. */
export function diagnose(
  inputs: readonly DiagnosisInput[],
  ruleSet: RuleSet,
  { language, ...facts }: DiagnoseOptions,
): Report {
  return renderReport(judge(inputs, ruleSet, facts), ruleSet, { language })
}

/** What the rules found, before it is put into words. */
export type Judgement = ReturnType<typeof judge>

/** Applies the rules. `renderReport` renders the judgement in each language. */
export function judge(
  inputs: readonly DiagnosisInput[],
  ruleSet: RuleSet,
  captureFacts: CaptureFacts = {},
) {
  const facts = readFacts(captureFacts, inputs, ruleSet)
  const { metrics } = facts
  const origins = agreeOnOrigins(inputs, metrics.current)
  const prepared = inputs.map((input, row) => {
    const stated = originInMetrics(metrics.current, input.profile.timeNs)
    const known = {
      ...input,
      uptimeSeconds: input.uptimeSeconds ?? stated.uptimeSeconds,
    }
    return prepareInput(known, row, ruleSet, { metrics, origin: origins[row] })
  })
  const subjects = prepared.flatMap(({ subject, growth }) =>
    growth === null ? [subject] : [subject, growth],
  )
  const surroundings = { subjects, ruleSet }
  const found = [
    ...subjects.flatMap((subject) => ruleSet.rules.flatMap((rule) => judgeRule(rule, subject))),
    ...ruleSet.combined.flatMap((rule) => judgeCombined(rule, surroundings)),
  ]
  const present = withoutPastWaits(found, subjects, ruleSet)
  const { verdicts, overridden } = applyOverrides(present, ruleSet.overrides)
  const coverages = prepared.map((input) => coverageOf(input, ruleSet))
  const accounts = subjects.flatMap((subject) => gcAccountOf(ruleSet, subject) ?? [])
  return {
    prepared,
    coverages,
    facts,
    reported: foldVerdicts(verdicts),
    overridden,
    risen: findRisen(
      subjects,
      ruleSet,
      found.filter(({ isLikely }) => !isLikely),
    ),
    gc: accounts.at(0) ?? null,
  }
}

export function renderReport(
  { prepared, coverages, facts, reported, overridden, risen, gc }: Judgement,
  ruleSet: RuleSet,
  { language }: Pick<DiagnoseOptions, 'language'>,
): Report {
  const taken = takenProfiles(prepared)
  const others = otherFindings(prepared, reported, ruleSet)
  return {
    version: 1,
    language,
    inputs: prepared.map(reportInputOf),
    gc,
    findings: withoutLinesOfOthers(
      reported.map((verdict) =>
        renderFinding(verdict, { ruleSet, facts, taken, others, prepared, language }),
      ),
      language,
    ),
    notes: [
      ...renderNotes(coverages, language),
      ...overridden.map((each) => renderOverridden(each, language)),
      ...risen.map((each) => renderRisen(each, language)),
      ...renderLogNotes(reported, facts.logHits, ruleSet, language),
    ],
    ...(reported.length === 0 ? { summary: renderSummary(coverages, language) } : {}),
  }
}

function reportInputOf({ input, subject, growth, origin, repair }: PreparedInput): ReportInput {
  const [tally] = [...subject.tallies.values(), ...(growth?.tallies.values() ?? [])]
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
