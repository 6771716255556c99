import type { RuleSet } from '../../rule/rule-set.ts'
import { groupsOf, isGroupMeasure } from '../match/choose-group.ts'
import { samplesIn, statesOf, sumOfSamples } from '../match/match-samples.ts'
import type { Subject } from '../prepare/subject.ts'
import { isSinceStart, type Verdict } from './verdict.ts'

/** Goroutines that wait now: one may wait for any lock of a busy process at any moment. */
const WAITING_MIN = 2
/** Of a process's life, how many waited on average: fewer are no queue. */
const LIFE_RATE_MIN = 0.5

/**
 * Leaves out what rules that name no cause say of waits for locks that were counted since the process started, where
 * the goroutines of the same capture show that hardly any waits now, or, without those, where they are little of the
 * process's life. Any process that has lived for long has waited for some lock.
 */
export function withoutPastWaits(
  verdicts: readonly Verdict[],
  subjects: readonly Subject[],
  ruleSet: RuleSet,
): readonly Verdict[] {
  if (!verdicts.some(isOfPastWaits)) return verdicts
  const waiting = waitingByPackage(subjects, ruleSet)
  return verdicts.filter((verdict) => {
    if (!isOfPastWaits(verdict)) return true
    if (waiting !== null) return (waiting.get(packageOf(verdict.group)) ?? 0) >= WAITING_MIN
    return (rateOfLife(verdict) ?? Infinity) >= LIFE_RATE_MIN
  })
}

function isOfPastWaits(verdict: Verdict): boolean {
  const { rule, measure, signal } = verdict
  const isOfWaits = signal.reads === 'mutex' || signal.reads === 'block'
  return rule.isGeneric && measure.kind === 'lock' && isOfWaits && isSinceStart(verdict)
}

/**
 * Goroutines that wait for locks, by the package whose function asks: the one that lets go of the same lock may be
 * another. `null` without a goroutine profile.
 */
function waitingByPackage(
  subjects: readonly Subject[],
  { rules }: RuleSet,
): ReadonlyMap<string, number> | null {
  const signals = rules
    .flatMap((rule) => rule.signals)
    .filter(
      ({ reads, measures: [[, measure]] }) => reads === 'goroutine' && measure.kind === 'lock',
    )
  const waiting = new Map<string, number>()
  let isSeen = false
  for (const subject of subjects) {
    const tally = subject.tallies.get('goroutine')
    if (tally === undefined || tally.total.count === 0) continue
    for (const { measures } of signals) {
      const [[, measure]] = measures
      if (!isGroupMeasure(measure)) continue
      isSeen = true
      const samples = samplesIn(statesOf(measure, subject.run, tally), tally)
      for (const { key, rows } of groupsOf(measure, samples, subject, tally).values()) {
        const name = packageOf(key)
        waiting.set(name, (waiting.get(name) ?? 0) + sumOfSamples(rows, tally).count)
      }
    }
  }
  return isSeen ? waiting : null
}

/** `a/b` of `a/b.(*T)` and of `a/b.f`. */
function packageOf(group: string | null): string {
  return /^(?:.*\/)?[^./(]*/.exec(group ?? '')?.[0] ?? ''
}

/** How many waited on average since the process started; `null` where that is not known. */
function rateOfLife({ measures, main, subject: { uptimeSeconds } }: Verdict): number | null {
  const waited = measures.get(main)?.value ?? null
  if (waited === null || uptimeSeconds === null || uptimeSeconds <= 0) return null
  return waited / 1e9 / uptimeSeconds
}
