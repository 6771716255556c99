import { type Environment, evaluateTruth } from '../../rule/evaluate-expression.ts'
import { isMeasureNumber, METRICS, splitName } from '../../rule/measure-names.ts'
import { PART_LEVEL } from '../../rule/parse-combined.ts'
import type { RuleSet } from '../../rule/rule-set.ts'
import type { CombinedRule, Part, Rule } from '../../rule/rule.ts'
import { judgeRule, measureRule } from './judge-rule.ts'
import type { Measured } from '../match/measured.ts'
import { sumOfSamples } from '../match/match-samples.ts'
import { type MeasureNumbers, measureNumbers } from '../match/measure-numbers.ts'
import { passThrough } from './pass-through.ts'
import { readMetric } from '../facts/metric-reading.ts'
import { sumOf } from '../facts/metrics.ts'
import type { Subject } from '../prepare/subject.ts'
import { LEVEL_ORDER, type Verdict } from './verdict.ts'

/** What a part found in the profile in which it found most. */
interface FoundPart {
  readonly measured: Measured
  /** 0 silent, 1 info, 2 warning, 3 critical. */
  readonly level: number
  readonly numbers: ReadonlyMap<string, MeasureNumbers>
}

/** What is judged together. */
export interface Surroundings {
  readonly subjects: readonly Subject[]
  readonly ruleSet: RuleSet
}

/** What a rule over rules finds in all profiles together. */
export function judgeCombined(rule: CombinedRule, surroundings: Surroundings): readonly Verdict[] {
  const { found, numbers } = findParts(rule, surroundings)
  const [lead = ''] = rule.parts.keys()
  const leading = found.get(lead)
  if (leading === undefined) return []
  const environment = environmentOf(rule, leading, { found, numbers }, surroundings)
  const sure = rule.levels.find(({ condition }) => evaluateTruth(condition, environment) === 'true')
  if (sure === undefined) return []
  const { measured } = leading
  return [
    {
      rule,
      signal: measured.signal,
      measure: measured.measure,
      subject: measured.subject,
      group: null,
      level: sure.level,
      wanted: sure.level,
      isLikely: false,
      isByMetrics: false,
      caps: [],
      // The wholes of the profiles are for the texts.
      measures: new Map([...totals(surroundings.subjects), ...numbers]),
      main: lead,
      samples: measured.samples(),
    },
  ]
}

/** What each part found, and the numbers of all of them by name. */
function findParts({ parts }: CombinedRule, surroundings: Surroundings) {
  const found = new Map<string, FoundPart>()
  const numbers = new Map<string, MeasureNumbers>()
  for (const [name, part] of parts) {
    if (part.kind === 'through') {
      const by = found.get(part.part)
      const passing =
        by === undefined ? null : passThrough(by.measured, part.reads, surroundings.subjects)
      if (passing !== null) numbers.set(name, passing)
      continue
    }
    const best = findPart(name, part, surroundings)
    if (best === null) continue
    found.set(name, best)
    for (const [measure, each] of best.numbers) numbers.set(measure, each)
  }
  return { found, numbers }
}

function findPart(
  name: string,
  part: Exclude<Part, { readonly kind: 'through' }>,
  surroundings: Surroundings,
): FoundPart | null {
  const { subjects, ruleSet } = surroundings
  const rule = part.kind === 'own' ? part.rule : ruleById(part.rule, ruleSet)
  if (rule === null) return null
  const found = subjects.flatMap((subject) => {
    const verdicts =
      part.kind === 'own' ? [] : judgeRule(rule, subject).filter(({ isLikely }) => !isLikely)
    return measureRule(rule, subject).map((measured): FoundPart => {
      const verdict = verdicts.find(({ group }) => group === measured.group)
      const level = verdict === undefined ? 0 : LEVEL_ORDER[verdict.level] + 1
      return { measured, level, numbers: measured.measures }
    })
  })
  if (found.length === 0) return null
  const best = found.reduce((best, other) => (isMore(other, best) ? other : best))
  const hits = found.filter(({ level }) => level > 0).length
  const more = { hits, within: withinOf(part, best.measured, ruleSet) }
  return { ...best, numbers: namedNumbers(name, best.measured, more) }
}

/** `list` is the part's first measure; its others are `list.decode`. */
function namedNumbers(
  name: string,
  { measures, main }: Measured,
  more: Pick<MeasureNumbers, 'hits' | 'within'>,
): ReadonlyMap<string, MeasureNumbers> {
  return new Map(
    [...measures].map(([measure, numbers]) =>
      measure === main ? [name, { ...numbers, ...more }] : [`${name}.${measure}`, numbers],
    ),
  )
}

function isMore(a: FoundPart, b: FoundPart): boolean {
  return a.level === b.level ? shareOf(a) > shareOf(b) : a.level > b.level
}

function shareOf({ measured: { measures, main } }: FoundPart): number {
  return measures.get(main)?.share ?? 0
}

function withinOf(
  part: Exclude<Part, { readonly kind: 'through' }>,
  measured: Measured,
  ruleSet: RuleSet,
): number | null {
  if (part.kind === 'own' || part.within === null) return null
  const other = ruleById(part.within, ruleSet)
  const tally = measured.subject.tallies.get(measured.signal.reads)
  if (other === null || tally === undefined) return null
  const covering = measureRule(other, measured.subject).filter(
    ({ signal }) => signal.reads === measured.signal.reads,
  )
  const covered = new Set(covering.flatMap(({ samples }) => samples()))
  const samples = measured.samples()
  const total = sumOfSamples(samples, tally).value
  if (total === 0) return null
  return (
    sumOfSamples(
      samples.filter((sample) => covered.has(sample)),
      tally,
    ).value / total
  )
}

function ruleById(id: string, { rules }: RuleSet): Rule | null {
  return rules.find((rule) => rule.id === id) ?? null
}

function environmentOf(
  { numbers: named }: CombinedRule,
  { measured: { subject } }: FoundPart,
  { found, numbers: parts }: ReturnType<typeof findParts>,
  { subjects }: Surroundings,
): Environment {
  const wholes = totals(subjects)
  const metricNamed = (name: string) => {
    const query = named.get(name)
    if (query === undefined) return sumOf(subject.metrics.current, name)
    return readMetric(query, subject.metrics, subject.uptimeSeconds)?.value ?? null
  }
  return {
    number: (name) => {
      const { measure, number } = splitName(name, '')
      if (measure === METRICS) return metricNamed(number)
      if (number === PART_LEVEL) return found.get(measure)?.level ?? 0
      const numbers = parts.get(measure) ?? wholes.get(measure)
      return isMeasureNumber(number) ? (numbers?.[number] ?? null) : null
    },
    version: () => null,
    word: () => null,
  }
}

/** The whole of the first profile of each type: `cpu.cores`. */
function totals(subjects: readonly Subject[]): ReadonlyMap<string, MeasureNumbers> {
  const numbers = new Map<string, MeasureNumbers>()
  for (const { tallies } of subjects) {
    for (const [reads, tally] of tallies) {
      if (numbers.has(reads)) continue
      numbers.set(reads, measureNumbers(tally.total, tally.total, tally))
    }
  }
  return numbers
}
