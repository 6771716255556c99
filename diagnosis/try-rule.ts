import { NONE } from '../profile/index.ts'
import { environmentOf } from './judge/verdict/judge-measured.ts'
import { measureRule } from './judge/verdict/judge-rule.ts'
import { samplesIn } from './judge/match/match-samples.ts'
import type { MeasureNumbers } from './judge/match/measure-numbers.ts'
import type { DiagnosisInput } from './judge/facts/diagnosis-input.ts'
import { prepareInput } from './judge/prepare/prepare-input.ts'
import type { Subject } from './judge/prepare/subject.ts'
import { statesWhere, type Tally } from './judge/prepare/tally.ts'
import type { PathRow, StackAutomaton, StepRow } from './pattern/stack-automaton.ts'
import type { Level } from '../api/index.ts'
import { evaluateTruth, type Truth } from './rule/evaluate-expression.ts'
import type { RuleSet } from './rule/rule-set.ts'
import type { Predicate, Rule, Signal } from './rule/rule.ts'

/** How one signal of a rule fared on a profile: what matched, and what nearly did. */
export interface RuleTrial {
  readonly reads: string
  readonly group: string | null
  readonly measures: ReadonlyMap<string, MeasureNumbers>
  readonly levels: readonly TriedLevel[]
  readonly paths: readonly TriedPath[]
}

export interface TriedLevel {
  readonly level: Level
  readonly text: string
  readonly truth: Truth
}

export interface TriedPath {
  readonly measure: string
  /** In which list of the predicate it stands. */
  readonly list: 'any' | 'all' | 'none'
  readonly text: string
  readonly share: number
  readonly steps: readonly TriedStep[]
}

export interface TriedStep {
  /** Functions of the profile that match the step alone. */
  readonly funcs: readonly string[]
  /** Of the samples that have one of them anywhere. */
  readonly share: number
}

/** Tries a rule on a profile. `ruleSet` must hold the rule. */
export function tryRule(rule: Rule, input: DiagnosisInput, ruleSet: RuleSet): readonly RuleTrial[] {
  const { subject } = prepareInput(input, 0, ruleSet)
  const measured = measureRule(rule, subject)
  return rule.signals.flatMap((signal): RuleTrial[] => {
    const tally = subject.tallies.get(signal.reads)
    if (tally === undefined) return []
    const paths = triedPaths(signal, subject, tally, ruleSet.automaton)
    const found = measured.filter((match) => match.signal === signal)
    if (found.length === 0) {
      return [{ reads: signal.reads, group: null, measures: new Map(), levels: [], paths }]
    }
    return found.map(({ group, measures, main }) => {
      const environment = environmentOf({ rule, measures, main, subject, group })
      const levels = signal.levels.map(({ level, text, condition }) => ({
        level,
        text,
        truth: evaluateTruth(condition, environment),
      }))
      return { reads: signal.reads, group, measures, levels, paths }
    })
  })
}

function triedPaths(
  { measures }: Signal,
  subject: Subject,
  tally: Tally,
  automaton: StackAutomaton,
): readonly TriedPath[] {
  return [...measures].flatMap(([measure, definition]) => {
    if (definition.kind === 'classes') return []
    const { predicate } = definition
    return (['any', 'all', 'none'] as const).flatMap((list) =>
      predicate[list].map((row) => ({
        measure,
        list,
        text: automaton.pathTexts[row],
        share: shareOfPath(row, subject, tally),
        steps: stepsOf(row, automaton).map((step) => triedStep(step, subject, tally)),
      })),
    )
  })
}

function stepsOf(path: PathRow, automaton: StackAutomaton): readonly StepRow[] {
  return automaton.steps.flatMap((step, row) => (step.path === path ? [row] : []))
}

function shareOfPath(path: PathRow, { run }: Subject, tally: Tally): number {
  const predicate: Predicate = { any: [path], all: [], none: [] }
  const samples = samplesIn(statesWhere(run, predicate), tally)
  return shareOf(samples, tally)
}

function triedStep(step: StepRow, { profile, names, run }: Subject, tally: Tally): TriedStep {
  const isMatch = Uint8Array.from(run.stepsOfFunc, (steps) => (steps.includes(step) ? 1 : 0))
  const funcs = new Set(names.names.filter((_, func) => isMatch[func] === 1))
  const { stacks, frames } = profile
  const hasMatch = new Uint8Array(stacks.length)
  for (let stack = 0; stack < stacks.length; stack++) {
    const parent = stacks.parent[stack]
    const func = frames.func[stacks.frame[stack]]
    const isHere = func !== NONE && isMatch[func] === 1
    hasMatch[stack] = isHere || (parent !== NONE && hasMatch[parent] === 1) ? 1 : 0
  }
  const samples: number[] = []
  for (const [sample, stack] of profile.samples.stack.entries()) {
    if (stack !== NONE && hasMatch[stack] === 1) samples.push(sample)
  }
  return { funcs: [...funcs].sort(), share: shareOf(samples, tally) }
}

function shareOf(samples: readonly number[], { values, total }: Tally): number {
  if (total.value === 0) return 0
  return samples.reduce((sum, sample) => sum + values[sample], 0) / total.value
}
