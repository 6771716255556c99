import type { Level } from '../../../api/index.ts'
import { type Environment, evaluateTruth, type Truth } from '../../rule/evaluate-expression.ts'
import { namesIn } from '../../rule/expression.ts'
import { isMeasureNumber, METRICS, splitName } from '../../rule/measure-names.ts'
import type { LevelCondition, Rule, RuleHead } from '../../rule/rule.ts'
import type { Measured } from '../match/measured.ts'
import type { MeasureNumbers } from '../match/measure-numbers.ts'
import { isSpecific, wordOf } from '../facts/component.ts'
import { queryOfGroup, readMetric } from '../facts/metric-reading.ts'
import { isStarting } from '../prepare/is-starting.ts'
import type { Subject } from '../prepare/subject.ts'
import type { Cap, Verdict } from './verdict.ts'

/** With fewer CPU samples no finding is above info. */
export const CPU_SAMPLES_SURE = 100
const CPU_SAMPLES_MATCHED_SURE = 10
/** With fewer cores no rule for any program says something of a share of the CPU time: it is worth nobody's while. */
const CORES_MIN = 0.02

/** What the rule's conditions say of its numbers; `null` where none holds. */
export function judgeMeasured(rule: Rule, measured: Measured): Verdict | null {
  const { signal, subject, measures, main, measure, group, samples, words, usual } = measured
  const judged = { rule, measures, main, subject, group }
  const environment = environmentOf(judged)
  if (signal.unless !== null && evaluateTruth(signal.unless, environment) === 'true') return null
  const sure = levelOf(signal.levels, environment)
  const likely = sure === null && isEnough(measured) ? likelyLevelOf(judged, measured) : null
  const found = sure ?? likely
  if (found === null) return null
  if (isSliver(rule, measured) && !asksItself(found, main)) return null
  const caps = likely === null ? capsOf(rule, measured, found) : (['few_samples'] as const)
  return {
    rule,
    signal,
    measure,
    subject,
    group,
    caps,
    measures,
    main,
    level: caps.length > 0 ? 'info' : found.level,
    wanted: found.level,
    isLikely: likely !== null,
    isByMetrics: isByMetrics(found, main),
    samples: samples(),
    ...(words === undefined ? {} : { words }),
    ...(usual === undefined ? {} : { usual }),
  }
}

interface FoundLevel {
  readonly level: Level
  /** `null`: no condition holds for sure, but one does as far as it is known. */
  readonly condition: LevelCondition['condition'] | null
}

/** Of CPU time that is compared with what is normal even little is told, and of a component what its own rules ask for. */
function isSliver({ components }: Rule, { tally, measure, measures, main }: Measured): boolean {
  const cores = measures.get(main)?.cores ?? null
  if (isSpecific(components) || measure.kind === 'risen') return false
  return tally.reads === 'cpu' && cores !== null && cores < CORES_MIN
}

/** Whether a condition says itself how much is enough: cores, or metrics alone. */
function asksItself(found: FoundLevel, main: string): boolean {
  const names = found.condition === null ? [] : namesIn(found.condition)
  return isByMetrics(found, main) || names.some((name) => splitName(name, main).number === 'cores')
}

function isByMetrics({ condition }: FoundLevel, main: string): boolean {
  return condition !== null && asksMetricsAlone(condition, main)
}

function levelOf(levels: readonly LevelCondition[], environment: Environment): FoundLevel | null {
  const truths: Truth[] = levels.map(({ condition }) => evaluateTruth(condition, environment))
  const row = truths.indexOf('true')
  if (row !== -1) return levels[row]
  return truths.includes('partly') ? { level: 'info', condition: null } : null
}

/** What the conditions would say if the share were exactly what was measured. */
function likelyLevelOf(judged: Judged, { signal }: Measured): FoundLevel | null {
  const found = levelOf(signal.levels, environmentOf(judged, { isShareExact: true }))
  return found?.condition === null ? null : found
}

function isEnough({ tally, measures, main }: Measured): boolean {
  const count = measures.get(main)?.count ?? 0
  return (
    tally.reads === 'cpu' &&
    tally.total.count >= CPU_SAMPLES_SURE &&
    count >= CPU_SAMPLES_MATCHED_SURE
  )
}

function capsOf(rule: Rule, measured: Measured, { level, condition }: FoundLevel): readonly Cap[] {
  const { subject, tally, measures, main, group } = measured
  const caps: Cap[] = []
  const judged = { rule, measures, main, subject, group }
  const isByMetrics = condition !== null && !holdsWithoutMetrics(condition, judged)
  if (isByMetrics ? areSinceStart(condition, judged) : tally.kind === 'cumulative') {
    caps.push('since_start')
  }
  if (condition === null) caps.push('impact_unknown')
  if (level === 'info') return caps
  const count = measures.get(main)?.count ?? 0
  const isFew = tally.total.count < CPU_SAMPLES_SURE || count < CPU_SAMPLES_MATCHED_SURE
  // What is above normal is so by more than chance makes of so few.
  const isSure = isByMetrics || measured.measure.kind === 'risen'
  if (tally.reads === 'cpu' && isFew && !isSure) caps.push('few_samples')
  if (isStarting(subject) && isNormalAtStart(rule, judged)) caps.push('starting')
  return caps
}

function isNormalAtStart({ normalAtStart }: Rule, judged: Judged): boolean {
  if (typeof normalAtStart === 'boolean') return normalAtStart
  return evaluateTruth(normalAtStart, environmentOf(judged)) === 'true'
}

/** Other measures may be exceptions. */
function asksMetricsAlone(condition: LevelCondition['condition'], main: string): boolean {
  const measures = namesIn(condition).map((name) => splitName(name, main).measure)
  return measures.includes(METRICS) && !measures.includes(main)
}

function holdsWithoutMetrics(condition: LevelCondition['condition'], judged: Judged): boolean {
  return evaluateTruth(condition, environmentOf(judged, { hasMetrics: false })) === 'true'
}

function areSinceStart(condition: LevelCondition['condition'], judged: Judged): boolean {
  return namesIn(condition).some((name) => metricNamed(name, judged)?.isSinceStart === true)
}

/** The numbers that conditions ask for. */
export interface Judged {
  readonly rule: RuleHead
  readonly measures: ReadonlyMap<string, MeasureNumbers>
  readonly main: string
  readonly subject: Subject
  readonly group: string | null
}

interface Assumptions {
  /** Takes the bounds of a share to be the share itself. */
  readonly isShareExact?: boolean
  readonly hasMetrics?: boolean
}

/** What a rule's conditions can ask of a match. */
export function environmentOf(
  judged: Judged,
  { isShareExact = false, hasMetrics = true }: Assumptions = {},
): Environment {
  const { measures, main, subject } = judged
  return {
    number: (name) => {
      const { measure, number } = splitName(name, main)
      // A comparison with a metric that the process does not export is false.
      if (measure === METRICS) return (hasMetrics ? metricNamed(name, judged)?.value : null) ?? NaN
      if (!isMeasureNumber(number)) return null
      const isBound = number === 'lo' || number === 'hi'
      return measures.get(measure)?.[isShareExact && isBound ? 'share' : number] ?? null
    },
    version: (name) => {
      if (name === 'kubernetes') return subject.kubernetes
      if (name === 'etcd') return subject.etcd
      return name === 'go' ? subject.go : null
    },
    word: (name) => wordOf(name, subject.component ?? (subject.mayBeComponent ? null : PROGRAM)),
  }
}

/** The component of a program that has no code of components: none that advice names. */
const PROGRAM = 'program'

function metricNamed(name: string, { rule, subject, group }: Judged) {
  const { measure, number } = splitName(name, '')
  const query = measure === METRICS ? rule.numbers.get(number) : undefined
  if (query === undefined) return null
  return readMetric(queryOfGroup(query, group), subject.metrics, subject.uptimeSeconds)
}
