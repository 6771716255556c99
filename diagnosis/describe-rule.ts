import { readsOf } from './rule/rule-set.ts'
import type { CombinedRule, LevelCondition, Rule, RuleCase, Text } from './rule/rule.ts'
import type { Level } from '../api/index.ts'
import { LEVELS } from './rule/parse-signal.ts'
import { plainNext } from './render/advice/fill-next.ts'
import { plainAdvice, plainText } from './render/advice/plain-advice.ts'

/** A rule as its page shows it. Numbers of a profile, which its texts have places for, are dots. */
export interface RuleDescription {
  readonly id: string
  readonly title: Text
  readonly meaning: Text
  /** Empty for a combined rule, which judges what others found. */
  readonly components: readonly string[]
  readonly versions: string | null
  readonly goVersions: string | null
  /** Sample types, or `several`. */
  readonly reads: readonly string[]
  readonly levels: readonly DescribedLevel[]
  /** The worst that a finding of it can have. */
  readonly worstLevel: Level
  readonly remarks: readonly Text[]
  readonly remedy: readonly Text[]
  readonly next: readonly DescribedStep[]
  readonly sources: readonly string[]
  readonly explains: readonly string[]
  readonly confirmedBy: readonly string[]
  readonly cases: readonly DescribedCase[]
}

export interface DescribedLevel {
  readonly reads: string
  readonly level: Level
  readonly condition: string
}

export interface DescribedStep {
  readonly what: Text
  readonly kind: 'command' | 'metric' | 'log'
  readonly text: string
}

export interface DescribedCase {
  readonly name: string
  readonly fires: Level | null
  readonly profiles: readonly { readonly reads: string; readonly stacks: string }[]
}

export function describeRule(rule: Rule | CombinedRule): RuleDescription {
  const { id, explains, confirmedBy, texts } = rule
  const isSingle = 'signals' in rule
  const levels = isSingle
    ? rule.signals.flatMap((signal) => describeLevels(signal.reads, signal.levels))
    : describeLevels('several', rule.levels)
  return {
    id,
    explains,
    confirmedBy,
    title: plainText(texts.title),
    meaning: plainText(texts.meaning),
    components: isSingle ? rule.components : [],
    versions: isSingle ? rule.versionsText : null,
    goVersions: isSingle ? rule.goVersionsText : null,
    reads: readsOf(rule),
    levels,
    worstLevel: LEVELS.find((level) => levels.some((known) => known.level === level)) ?? 'info',
    remarks: texts.remarks.map((each) => plainAdvice(each, rule)),
    remedy: texts.remedy.map((each) => plainAdvice(each, rule)),
    next: texts.next.map(({ when, what, command, metric, log }): DescribedStep => {
      const kind = command !== null ? 'command' : metric !== null ? 'metric' : 'log'
      return {
        kind,
        what: plainAdvice({ when, text: what }, rule),
        text: plainNext(rule, command ?? metric ?? log ?? ''),
      }
    }),
    sources: texts.sources,
    cases: texts.cases.map(describeCase),
  }
}

function describeLevels(reads: string, levels: readonly LevelCondition[]) {
  return levels.map(({ level, text }): DescribedLevel => ({ reads, level, condition: text }))
}

function describeCase({ name, fires, profiles }: RuleCase): DescribedCase {
  return {
    name,
    fires,
    profiles: profiles.map(({ reads, stacks }) => ({ reads, stacks: stacks.trim() })),
  }
}
