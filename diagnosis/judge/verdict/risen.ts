import { namesIn } from '../../rule/expression.ts'
import { splitName } from '../../rule/measure-names.ts'
import type { RuleSet } from '../../rule/rule-set.ts'
import type { Rule } from '../../rule/rule.ts'
import { measureRule } from './judge-rule.ts'
import type { Measured } from '../match/measured.ts'
import type { Subject } from '../prepare/subject.ts'
import type { Verdict } from './verdict.ts'

/** What no rule complains of yet, but is far above what it was in the earlier captures of the process. */
export interface Risen {
  readonly rule: Rule
  readonly measured: Measured
}

const EARLIER_MIN = 5
const Z_MIN = 4
/** Of CPU time: so much more, and so many times as much. */
const SHARE_MORE_MIN = 0.05
const TIMES_MIN = 1.5

/** Shares that rose, in CPU profiles with a baseline; the largest rise first. */
export function findRisen(
  subjects: readonly Subject[],
  { rules }: RuleSet,
  verdicts: readonly Verdict[],
): readonly Risen[] {
  return subjects
    .filter(({ type, history }) => type === 'cpu' && history.length >= EARLIER_MIN)
    .flatMap((subject) => {
      const found = new Set(
        verdicts.filter((verdict) => verdict.subject === subject).map(({ rule }) => rule.id),
      )
      return rules
        .filter(({ id }) => !found.has(id))
        .flatMap((rule) => measureRule(rule, subject).map((measured) => ({ rule, measured })))
        .filter(({ measured }) => isByShare(measured) && hasRisen(measured))
    })
    .sort((a, b) => riseOf(b.measured) - riseOf(a.measured))
}

/** False where no level asks for the measure whose share would be told, but for metrics, or what excludes it. */
function isByShare({ signal, main }: Measured): boolean {
  return signal.levels.some(({ condition }) =>
    namesIn(condition).some((name) => splitName(name, main).measure === main),
  )
}

function hasRisen(measured: Measured): boolean {
  const { share, z } = numbersOf(measured)
  const base = share - riseOf(measured)
  return (z ?? 0) >= Z_MIN && riseOf(measured) >= SHARE_MORE_MIN && share >= TIMES_MIN * base
}

function riseOf(measured: Measured): number {
  const { share, base } = numbersOf(measured)
  return share - (base ?? share)
}

function numbersOf({ measures, main }: Measured) {
  const numbers = measures.get(main)
  if (numbers === undefined) throw new Error(`no measure ${main} was taken`)
  return numbers
}
