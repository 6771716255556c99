import type { Tally } from '../../judge/prepare/tally.ts'
import type { Verdict } from '../../judge/verdict/verdict.ts'
import type { PathRow } from '../../pattern/stack-automaton.ts'
import type { Evidence, Language } from '../../../api/index.ts'
import type { RuleSet } from '../../rule/rule-set.ts'
import { type Caller, callersOf } from './callers.ts'
import { formatShare } from '../../../profile/index.ts'
import { PHRASES } from '../phrases.ts'

/** Who calls what was found, of rules to which that matters. */
export function callersOfFinding(
  { rule, subject, samples }: Verdict,
  tally: Tally,
  { automaton }: RuleSet,
  paths: readonly PathRow[],
): readonly Caller[] {
  if (rule.callersOutside === null) return []
  return callersOf(subject, tally, automaton, samples, { paths, outside: rule.callersOutside })
}

/** Of what was found: whoever calls less of it is not worth a look. */
const CALLERS_TOLD_MIN = 0.9

export function areCallersTold(callers: readonly Caller[]): boolean {
  return callers.reduce((sum, { share }) => sum + share, 0) >= CALLERS_TOLD_MIN
}

export function callersEvidence(
  callers: readonly Caller[],
  language: Language,
): readonly Evidence[] {
  if (callers.length === 0) return []
  const list = callers.map(({ name, share }) => `${name} ${formatShare(share)}`).join(', ')
  return [{ kind: 'callers', text: PHRASES[language].callers(list) }]
}

const ASSIST_CLASS = 'gc.assist'
/** Less of the CPU time is not worth a line, nor is a smaller part of it. */
const ASSIST_SHARE_MIN = 0.02
const PART_SHARE_MIN = 0.1

/**
 * The share of garbage collection that the finding causes. Goroutines that allocate pay for assists, so the stacks of
 * assists show who causes the rest of the collection.
 */
export function assistEvidence(
  { measure, signal, samples }: Verdict,
  tally: Tally,
  { partition }: RuleSet,
  language: Language,
): readonly Evidence[] {
  const row = partition.findIndex(({ name }) => name === ASSIST_CLASS)
  if (signal.reads !== 'cpu' || measure.kind !== 'where' || row === -1) return []
  const isAssist = (sample: number) => tally.classOfState[tally.stateOfSample[sample]] === row
  let all = 0
  for (let sample = 0; sample < tally.values.length; sample++) {
    if (isAssist(sample)) all += tally.values[sample]
  }
  const part = samples.reduce(
    (sum, sample) => sum + (isAssist(sample) ? tally.values[sample] : 0),
    0,
  )
  const [ofAll, share] = [part / tally.total.value, all > 0 ? part / all : 0]
  if (ofAll < ASSIST_SHARE_MIN || share < PART_SHARE_MIN) return []
  const text = PHRASES[language].assists(formatShare(share), formatShare(ofAll))
  return [{ kind: 'split', text, share: ofAll, value: part }]
}
