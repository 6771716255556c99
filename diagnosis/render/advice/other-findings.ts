import { isForSubject } from '../../judge/verdict/is-for-subject.ts'
import { CPU_SAMPLES_SURE } from '../../judge/verdict/judge-measured.ts'
import type { ReportedVerdict } from '../../judge/verdict/fold-verdicts.ts'
import type { PreparedInput } from '../../judge/prepare/prepare-input.ts'
import type { Tally } from '../../judge/prepare/tally.ts'
import type { RuleSet } from '../../rule/rule-set.ts'

/** What the other rules found in the capture, by their ids. */
export interface OtherFindings {
  /** Folded under another finding, too. */
  readonly isFound: (id: string) => boolean
  /**
   * Whether a rule looked at a profile of the capture, as far as it goes, and found nothing. What is not known to be
   * absent may still be there: without the profile, or with few samples of it.
   */
  readonly isRuledOut: (id: string) => boolean
}

export function otherFindings(
  prepared: readonly PreparedInput[],
  reported: readonly ReportedVerdict[],
  { rules }: RuleSet,
): OtherFindings {
  const found = new Set(
    reported.flatMap(({ verdict, also }) => [verdict, ...also]).map(({ rule }) => rule.id),
  )
  const subjects = prepared.flatMap(({ subject, growth }) => [subject, ...(growth ? [growth] : [])])
  return {
    isFound: (id) => found.has(id),
    isRuledOut: (id) => {
      const rule = rules.find((each) => each.id === id)
      if (rule === undefined || found.has(id)) return false
      return subjects.some(
        (subject) =>
          isForSubject(rule.components, subject) &&
          rule.signals.some(({ reads }) => isTelling(subject.tallies.get(reads))),
      )
    },
  }
}

/** Enough of the present to say that something is not there. */
function isTelling(tally: Tally | undefined): boolean {
  if (tally === undefined || tally.kind === 'cumulative') return false
  return tally.total.count >= (tally.reads === 'cpu' ? CPU_SAMPLES_SURE : 1)
}
