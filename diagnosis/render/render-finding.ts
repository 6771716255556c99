import { isCombined, type ReportedVerdict } from '../judge/verdict/fold-verdicts.ts'
import { isOfCollector } from '../judge/verdict/cover-share.ts'
import type { ReadFacts } from '../judge/facts/capture-facts.ts'
import { queryOfGroup } from '../judge/facts/metric-reading.ts'
import type { LogHit } from '../judge/facts/scan-logs.ts'
import { groupSamples, sumOfSamples } from '../judge/match/match-samples.ts'
import type { MeasureNumbers } from '../judge/match/measure-numbers.ts'
import type { Tally } from '../judge/prepare/tally.ts'
import type { Cap, Verdict } from '../judge/verdict/verdict.ts'
import type { PathRow } from '../pattern/stack-automaton.ts'
import type { Evidence, Finding, FoldedFinding, Language } from '../../api/index.ts'
import type { PreparedInput } from '../judge/prepare/prepare-input.ts'
import type { RuleSet } from '../rule/rule-set.ts'
import type { MetricText, Text } from '../rule/rule.ts'
import {
  areCallersTold,
  assistEvidence,
  callersEvidence,
  callersOfFinding,
} from './evidence/caller-evidence.ts'
import { type Adviser, adviserOf } from './advice/advise.ts'
import { allocatorEvidence } from './evidence/allocator-evidence.ts'
import { allocatedMeanwhile } from './evidence/allocated-meanwhile.ts'
import type { NextValues } from './advice/fill-next.ts'
import { fillText } from './advice/fill-text.ts'
import { formatCores, formatCount, formatShare, formatValue } from '../../profile/index.ts'
import { listedResource } from './evidence/listed-resource.ts'
import { hotStacks } from './evidence/hot-stacks.ts'
import { lockEvidence } from './evidence/lock-evidence.ts'
import { matchedFuncs } from './evidence/matched-funcs.ts'
import { metricEvidence } from './evidence/metric-evidence.ts'
import { pastEvidence } from './evidence/past-evidence.ts'
import { PHRASES } from './phrases.ts'
import { logLine } from './render-notes.ts'
import type { OtherFindings } from './advice/other-findings.ts'
import type { TakenProfiles } from './advice/taken-profiles.ts'
import { waitEvidence } from './evidence/wait-evidence.ts'

const KINDS_SHOWN_MAX = 5
const KIND_SHARE_MIN = 0.02
/** The flag of a component: kubectl's are its own. */
const FLAG = /(?<!kubectl[^.,;:]*)(?<![\w-])--[a-z]/
/** What advice for the reader's own program costs. */
const OWN_CODE = /[Cc]osts: .*a change of code|代价：.*修改代码/

export interface RenderContext {
  readonly ruleSet: RuleSet
  readonly facts: ReadFacts
  readonly taken: TakenProfiles
  readonly others: OtherFindings
  readonly prepared: readonly PreparedInput[]
  readonly language: Language
}

/** Puts a verdict into words. */
export function renderFinding(
  { verdict, also }: ReportedVerdict,
  { ruleSet, facts, taken, others, prepared, language }: RenderContext,
): Finding {
  const { rule, subject, measures, main, samples } = verdict
  const tally = tallyOf(verdict)
  const { texts } = rule
  const numbers = numbersOf(measures, main)
  const paths = pathsOf(verdict, ruleSet)
  const say = (text: Text) => fillText(text[language], verdict)
  const kinds = kindsOf(verdict, tally)
  const nextValues: NextValues = {
    group: verdict.group,
    kind: kinds.at(0)?.kind ?? null,
    listed: listedResource(texts.metrics, facts.metrics),
    component: subject.component,
    origin: facts.address,
    flags: facts.flags,
  }
  const callers = callersOfFinding(verdict, tally, ruleSet, paths)
  const adviser = adviserOf({
    verdict,
    facts,
    taken,
    others,
    areCallersTold: areCallersTold(callers),
    values: nextValues,
    language,
  })
  return {
    rule: rule.id,
    group: verdict.group,
    level: verdict.level,
    title: say(texts.title),
    meaning: say(texts.meaning),
    profile: subject.type,
    input: subject.input,
    value: numbers.value,
    unit: tally.unit,
    share: numbers.share,
    shareLow: numbers.lo,
    shareHigh: numbers.hi,
    cores: numbers.cores,
    count: numbers.count,
    evidence: [
      ...inOrder(verdict, {
        ofProfile: [
          ...numbersEvidence(verdict, numbers, tally, language),
          ...splitEvidence(verdict, language),
          ...kindsEvidence(kinds, language),
          ...callersEvidence(callers, language),
          ...allocatorEvidence(verdict, prepared, ruleSet, language),
          ...matchEvidence({ verdict, also }, { tally, ruleSet, paths, language }),
        ],
        ofMetrics: metricEvidence(metricsOf(adviser, verdict), facts.metrics, language),
      }),
      ...logEvidence(facts.logHits.get(rule.id) ?? [], language),
      ...limitsEvidence(verdict, adviser, { facts, language }),
    ],
    frames: matchedFuncs(subject, tally, ruleSet.automaton, samples, paths),
    remedy: adviser.texts(texts.remedy),
    next: adviser.steps(texts.next),
    sources: texts.sources,
    ...(verdict.usual === undefined ? {} : { usual: verdict.usual }),
    also: also.map((folded) => renderFolded(folded, language)),
  }
}

/** What the rule's texts say of metrics, for the finding's group. */
function metricsOf({ metrics }: Adviser, { group }: Verdict): readonly MetricText[] {
  return metrics.map((text) => queryOfGroup(text, group))
}

interface MatchContext {
  readonly tally: Tally
  readonly ruleSet: RuleSet
  readonly paths: readonly PathRow[]
  readonly language: Language
}

/** What the stacks of the match show, before and elsewhere too. */
function matchEvidence(
  { verdict, also }: ReportedVerdict,
  { tally, ruleSet, paths, language }: MatchContext,
): readonly Evidence[] {
  return [
    ...waitsOf(verdict, also, language),
    ...lockEvidence(verdict, tally, language),
    ...assistEvidence(verdict, tally, ruleSet, language),
    ...stackEvidence(verdict, tally, ruleSet, paths, language),
    ...pastEvidence(verdict, ruleSet, language),
    ...confirmingEvidence(verdict, also, language),
  ]
}

/**
 * What set the level comes first. Where that is metrics, what Go's runtime did in the samples says nothing of it.
 */
function inOrder(
  verdict: Verdict,
  { ofProfile, ofMetrics }: Readonly<Record<'ofProfile' | 'ofMetrics', readonly Evidence[]>>,
): readonly Evidence[] {
  if (!verdict.isByMetrics || ofMetrics.length === 0) return [...ofProfile, ...ofMetrics]
  return isOfCollector(verdict) ? ofMetrics : [...ofMetrics, ...ofProfile]
}

/** From the first dump that shows it: the same finding is often in a profile without states, too. */
function waitsOf(verdict: Verdict, also: readonly Verdict[], language: Language) {
  const same = also.filter(({ rule }) => rule === verdict.rule)
  return [verdict, ...same]
    .flatMap((each) => waitEvidence(each, tallyOf(each), language))
    .slice(0, 1)
}

function tallyOf({ subject, signal }: Verdict): Tally {
  const tally = subject.tallies.get(signal.reads)
  if (tally === undefined) throw new Error(`no tally of ${signal.reads} was judged`)
  return tally
}

function numbersOf(measures: ReadonlyMap<string, MeasureNumbers>, main: string): MeasureNumbers {
  const numbers = measures.get(main)
  if (numbers === undefined) throw new Error(`no measure ${main} was taken`)
  return numbers
}

/** The paths that the first measure looks for: its own, or those of its classes. */
function pathsOf({ measure }: Verdict, { partition }: RuleSet): readonly PathRow[] {
  if (measure.kind === 'where') return [...measure.predicate.any, ...measure.predicate.all]
  if (measure.kind !== 'classes') return []
  return partition.flatMap(({ predicate }, row) => (measure.classes.has(row) ? predicate.any : []))
}

/** Of what metrics set the level of, nothing where the profile shows none of it. */
function numbersEvidence(
  { signal, isByMetrics }: Verdict,
  numbers: MeasureNumbers,
  tally: Tally,
  language: Language,
): readonly Evidence[] {
  if (isByMetrics && numbers.count === 0) return []
  return [{ kind: 'numbers', text: numbersText(signal.reads, numbers, tally, language) }]
}

function numbersText(
  reads: Verdict['signal']['reads'],
  numbers: MeasureNumbers,
  tally: Tally,
  language: Language,
): string {
  const phrases = PHRASES[language]
  const share = formatShare(numbers.share)
  const value = formatValue(numbers.value, tally.unit)
  switch (reads) {
    case 'cpu':
      return phrases.cpuNumbers({
        share,
        bounds: `${formatShare(numbers.lo)} – ${formatShare(numbers.hi)}`,
        cores: numbers.cores === null ? null : formatCores(numbers.cores),
        samples: formatCount(numbers.count),
        total: formatCount(tally.total.count),
      })
    case 'block':
    case 'mutex':
      return phrases.waitNumbers({
        value,
        count: formatCount(numbers.count),
        mean: formatValue(numbers.mean ?? 0, tally.unit),
        waiters: numbers.rate === null ? null : formatCores(numbers.rate),
      })
    case 'inuse_space':
    case 'alloc_space':
      return phrases.byteNumbers({ value, share, type: reads })
    default:
      return phrases.goroutineNumbers({
        share,
        count: formatCount(numbers.count),
        total: formatCount(tally.total.count),
      })
  }
}

function splitEvidence({ signal, measures }: Verdict, language: Language): readonly Evidence[] {
  return signal.split.flatMap(({ measure, text }) => {
    const numbers = measures.get(measure)
    if (numbers === undefined || numbers.value === 0) return []
    const share = numbers.of ?? 0
    const sentence = PHRASES[language].split(text[language], formatShare(share))
    return [{ kind: 'split', text: sentence, share, value: numbers.value }]
  })
}

interface SeenKind {
  readonly kind: string
  readonly share: number
}

/** The kinds of object in the functions of the match, most of it first. */
function kindsOf({ rule, samples, subject }: Verdict, tally: Tally): readonly SeenKind[] {
  if (rule.kinds === null) return []
  const total = sumOfSamples(samples, tally).value
  return [...groupSamples(samples, rule.kinds, subject)]
    .map(([kind, rows]) => ({ kind, share: sumOfSamples(rows, tally).value / total }))
    .filter(({ share }) => share >= KIND_SHARE_MIN)
    .sort((a, b) => b.share - a.share)
    .slice(0, KINDS_SHOWN_MAX)
}

function kindsEvidence(kinds: readonly SeenKind[], language: Language): readonly Evidence[] {
  if (kinds.length === 0) return []
  const list = kinds.map(({ kind, share }) => `${kind} ${formatShare(share)}`).join(', ')
  return [{ kind: 'kinds', text: PHRASES[language].kinds(list) }]
}

function stackEvidence(
  { subject, samples, measures, main }: Verdict,
  tally: Tally,
  { automaton }: RuleSet,
  paths: readonly PathRow[],
  language: Language,
): readonly Evidence[] {
  const total = numbersOf(measures, main).value
  return hotStacks({ subject, tally, automaton, samples, paths }).map((stack) => {
    const share = total > 0 ? stack.value / total : 0
    return {
      kind: 'stack',
      text: PHRASES[language].stack(formatShare(share)),
      stack: stack.names,
      inferred: stack.inferredCount,
      matched: stack.matched,
      value: stack.value,
      share,
    }
  })
}

function logEvidence(hits: readonly LogHit[], language: Language): readonly Evidence[] {
  return hits.map((hit) => ({ kind: 'log', text: logLine(hit, language) }))
}

/** What other profiles, and rules over several, say of the same. */
function confirmingEvidence(
  verdict: Verdict,
  also: readonly Verdict[],
  language: Language,
): readonly Evidence[] {
  return also.flatMap((other) => {
    if (isCombined(other)) {
      return [{ kind: 'profile', text: fillText(other.rule.texts.meaning[language], other) }]
    }
    if (other.subject === verdict.subject) return []
    const { reads } = other.signal
    const numbers = numbersText(
      reads,
      numbersOf(other.measures, other.main),
      tallyOf(other),
      language,
    )
    return [{ kind: 'profile', text: `${other.subject.type}: ${numbers}` }]
  })
}

function limitsEvidence(
  verdict: Verdict,
  adviser: Adviser,
  { facts, language }: Pick<RenderContext, 'facts' | 'language'>,
): readonly Evidence[] {
  const { rule, caps, subject } = verdict
  const remedy = adviser.texts(rule.texts.remedy)
  const namesFlag = remedy.some((text) => FLAG.test(text))
  const namesCode = remedy.some((text) => OWN_CODE.test(text))
  return [
    ...caps.map((cap) => capText(cap, verdict, { facts, language })),
    ...adviser.texts(rule.texts.remarks),
    ...(namesFlag && subject.component === 'k3s' ? [PHRASES[language].flagsOfK3s] : []),
    ...(namesCode ? [PHRASES[language].codeOfOthers] : []),
  ].map((text) => ({ kind: 'limits', text }))
}

function capText(
  cap: Cap,
  verdict: Verdict,
  { facts, language }: Pick<RenderContext, 'facts' | 'language'>,
): string {
  const share = cap === 'since_start' ? allocatedMeanwhile(verdict, facts.metrics) : null
  const { caps, allocatedMeanwhile: phrase } = PHRASES[language]
  return share === null ? caps[cap] : phrase(formatShare(share))
}

function renderFolded(verdict: Verdict, language: Language): FoldedFinding {
  const { share, cores, count } = numbersOf(verdict.measures, verdict.main)
  return {
    rule: verdict.rule.id,
    group: verdict.group,
    level: verdict.level,
    title: fillText(verdict.rule.texts.title[language], verdict),
    profile: verdict.subject.type,
    share,
    cores,
    count,
  }
}
