import { measureRule } from '../../judge/verdict/judge-rule.ts'
import type { MeasureNumbers } from '../../judge/match/measure-numbers.ts'
import type { Verdict } from '../../judge/verdict/verdict.ts'
import type { Evidence, Language } from '../../../api/index.ts'
import type { RuleSet } from '../../rule/rule-set.ts'
import { formatShare, formatValue } from '../../../profile/index.ts'
import { PHRASES } from '../phrases.ts'

const TREND_HOURS_MIN = 1

/** What the same rule measured in earlier captures of the process: whether it has always been so. */
export function pastEvidence(
  verdict: Verdict,
  { rules }: RuleSet,
  language: Language,
): readonly Evidence[] {
  const { subject, measures, main, signal, group } = verdict
  const rule = rules.find(({ id }) => id === verdict.rule.id)
  const numbers = measures.get(main)
  const isInterval = signal.reads === 'cpu'
  const isCount = signal.reads === 'goroutine' || signal.reads === 'inuse_space'
  if (rule === undefined || numbers === undefined || !(isInterval || isCount)) return []
  const past = subject.history.map((each) => {
    const same = measureRule(rule, each).filter((found) => found.group === group)
    return same.find((found) => found.signal === signal)?.measures.get(main) ?? null
  })
  if (past.length === 0) return []
  const amount = (each: MeasureNumbers | null) => (isInterval ? each?.share : each?.value) ?? 0
  const show = (value: number) =>
    isInterval ? formatShare(value) : formatValue(value, numbers.unit)
  // In an earlier capture alone no stack grows.
  const isGrowing = verdict.measure.kind === 'growing'
  const first = numbers.value - (numbers.growth ?? 0)
  const amounts = isGrowing ? [first] : past.map(amount)
  const text = PHRASES[language].before({
    low: show(Math.min(...amounts)),
    high: show(Math.max(...amounts)),
    captures: past.length,
    now: show(amount(numbers)),
  })
  const { perDay, hours } = numbers
  // Memory in use may grow for days. A few minutes do not predict a day, and shares of time go up and down.
  const isTrend = isCount && perDay !== null && perDay > 0 && (hours ?? 0) >= TREND_HOURS_MIN
  const growing = isTrend ? PHRASES[language].perDay(formatShare(perDay)) : ''
  return [{ kind: 'profile', text: text + growing }]
}
