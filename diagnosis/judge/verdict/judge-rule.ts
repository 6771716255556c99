import { namesIn } from '../../rule/expression.ts'
import { METRICS, splitName, TOTAL } from '../../rule/measure-names.ts'
import type { Rule, Signal } from '../../rule/rule.ts'
import { ANY_VERSION, rangesMeet } from '../../rule/version-range.ts'
import { chooseGroups, type GroupMeasure, groupsOf, isGroupMeasure } from '../match/choose-group.ts'
import { isForSubject } from './is-for-subject.ts'
import { judgeMeasured } from './judge-measured.ts'
import {
  groupSamples,
  type SampleRow,
  samplesIn,
  statesOf,
  sumOfSamples,
  sumOfStates,
} from '../match/match-samples.ts'
import { type Holder, holdersOf } from '../match/lock-holders.ts'
import { type MeasureNumbers, measureNumbers } from '../match/measure-numbers.ts'
import type { Match, Measured } from '../match/measured.ts'
import { risenFunctions } from '../match/risen-functions.ts'
import { stackGroups } from '../match/stack-groups.ts'
import type { Subject } from '../prepare/subject.ts'
import type { Sum, Tally } from '../prepare/tally.ts'
import { deviationMinOf, hasTrend, NO_TREND, type Trend, trendOf } from '../match/trend.ts'
import type { Verdict } from './verdict.ts'

/** With fewer CPU samples no rule fires, but for one that compares them with what is normal. */
export const CPU_SAMPLES_MIN = 30

/** What the rule finds in the profile: nothing, one thing, or one for each group. */
export function judgeRule(rule: Rule, subject: Subject): readonly Verdict[] {
  return measureRule(rule, subject).flatMap((measured) => {
    const verdict = judgeMeasured(rule, measured)
    return verdict === null ? [] : [verdict]
  })
}

/** What the rule measures in the profile, whether it fires or not; nothing where it does not apply. */
export function measureRule(rule: Rule, subject: Subject): readonly Measured[] {
  if (!isForSubject(rule.components, subject)) return []
  if (!rangesMeet(rule.versions ?? ANY_VERSION, subject.kubernetes)) return []
  if (!rangesMeet(rule.goVersions ?? ANY_VERSION, subject.go)) return []
  return rule.signals.flatMap((signal) => {
    const tally = subject.tallies.get(signal.reads)
    if (tally === undefined || tally.total.count === 0) return []
    const [[main, measure]] = signal.measures
    const isFew = signal.reads === 'cpu' && tally.total.count < CPU_SAMPLES_MIN
    if (isFew && measure.kind !== 'risen') return []
    return matchesOf(signal, subject, tally).map((match) => ({
      ...match,
      signal,
      subject,
      tally,
      main,
      measure,
    }))
  })
}

function matchesOf(signal: Signal, subject: Subject, tally: Tally): readonly Match[] {
  const states = new Map(
    [...signal.measures].map(([name, measure]) => [name, statesOf(measure, subject.run, tally)]),
  )
  const [main = ''] = states.keys()
  const samplesOf = (name: string) => samplesIn(states.get(name) ?? new Uint8Array(), tally)
  if (signal.by !== null) return groupedMatches(signal, subject, tally, samplesOf)
  const measure = signal.measures.get(main)
  if (measure?.kind === 'risen') return risenMatches(main, samplesOf(main), subject, tally)
  if (measure !== undefined && isGroupMeasure(measure)) {
    const beside = new Map([...states].filter(([name]) => name !== main))
    return chosenMatch(main, measure, subject, tally, beside)
  }
  const sums = new Map([...states].map(([name, set]) => [name, sumOfStates(set, tally)]))
  const isEmpty = [...sums.values()].every(({ value, count }) => value === 0 && count === 0)
  if (isEmpty && !asksMetrics(signal, subject)) return []
  const trends = new Map(
    [...signal.measures].map(([name, each]) => [
      name,
      trendOver(
        subject,
        tally,
        (past, sums) => sumOfStates(statesOf(each, past.run, sums), sums).value,
      ),
    ]),
  )
  const numbers = numbersOf(sums, tally, trends)
  return [{ group: null, measures: numbers, samples: () => samplesOf(main) }]
}

/** Metrics can show what no stack of the profile does. */
function asksMetrics({ levels }: Signal, { metrics }: Subject): boolean {
  if (metrics.current.size === 0) return false
  return levels.some(({ condition }) =>
    namesIn(condition).some((name) => splitName(name, '').measure === METRICS),
  )
}

/** What the measure chooses among the stacks that match, and the measures beside it, of the whole profile. */
function chosenMatch(
  main: string,
  measure: GroupMeasure,
  subject: Subject,
  tally: Tally,
  beside: ReadonlyMap<string, Uint8Array>,
): readonly Match[] {
  const earlier = pastOf(subject, tally)
  const groupsIn = (each: Subject, sums: Tally) =>
    groupsOf(measure, samplesIn(statesOf(measure, each.run, sums), sums), each, sums)
  const groups = groupsIn(subject, tally)
  const past = new Map(earlier.map((each) => [each.subject, groupsIn(each.subject, each.tally)]))
  const chosen = chooseGroups(measure, groups, [...past.values()])
  if (chosen.length === 0) return []
  const trend = trendOver(subject, tally, (each) => {
    const there = each === subject ? groups : past.get(each)
    return chosen.reduce((sum, { key }) => sum + (there?.get(key)?.value ?? 0), 0)
  })
  const rows = chosen.flatMap((group) => group.rows)
  const others = [...beside].map(([name, set]) => [name, sumOfStates(set, tally)] as const)
  const sums = new Map([[main, sumOfSamples(rows, tally)], ...others])
  const numbers = numbersOf(sums, tally, new Map([[main, trend]]))
  const stacks = stackGroups(rows, subject, tally).size
  const [first] = numbers.values()
  const [{ key }] = chosen
  const measures = new Map([...numbers, [main, { ...first, stacks }]])
  return [
    {
      group: measure.kind === 'lock' || measure.kind === 'place' ? key : null,
      measures:
        measure.kind === 'lock' && tally.reads === 'goroutine'
          ? withHeld(measures, beside, holdersOf(key, rows, subject, tally), tally)
          : measures,
      samples: () => rows,
    },
  ]
}

/** Of each measure beside the lock's, and of all goroutines, those that may hold it. */
function withHeld(
  measures: ReadonlyMap<string, MeasureNumbers>,
  beside: ReadonlyMap<string, Uint8Array>,
  holders: readonly Holder[],
  tally: Tally,
): ReadonlyMap<string, MeasureNumbers> {
  return new Map(
    [...measures].map(([name, numbers]) => {
      const states = beside.get(name)
      if (states === undefined && name !== TOTAL) return [name, numbers]
      const held = holders.reduce((sum, { sample }) => {
        const isIn = states === undefined || states[tally.stateOfSample[sample]] === 1
        return isIn ? sum + tally.values[sample] : sum
      }, 0)
      return [name, { ...numbers, held }]
    }),
  )
}

/** A match for each function that needs more CPU than is normal. */
function risenMatches(
  main: string,
  samples: readonly SampleRow[],
  subject: Subject,
  tally: Tally,
): readonly Match[] {
  return risenFunctions(samples, subject, tally).map(({ name, rows, usual, isOpen, risen, z }) => {
    const measures = numbersOf(new Map([[main, sumOfSamples(rows, tally)]]), tally)
    const [first] = measures.values()
    const { cores, sinceMs: since, latestSinceMs: latestSince = null } = usual
    const open = isOpen ? 1 : 0
    const numbers = { ...first, risen, z, usual: cores, since, latestSince, open }
    return {
      group: name,
      words: { newVersion: usual.version },
      usual,
      measures: new Map([...measures, [main, numbers]]),
      samples: () => rows,
    }
  })
}

/** How a value went over the earlier captures and this one; of CPU time its share. */
export function trendOver(
  subject: Subject,
  tally: Tally,
  valueIn: (subject: Subject, tally: Tally) => number,
): Trend {
  const past = pastOf(subject, tally)
  if (past.length === 0) return NO_TREND
  const points = [...past, { subject, tally }].map((each) => {
    const value = valueIn(each.subject, each.tally)
    const total = each.tally.total.value
    const share = total > 0 ? value / total : 0
    return {
      timeNs: each.subject.profile.timeNs,
      value: tally.reads === 'cpu' ? share : value,
    }
  })
  return trendOf(points, deviationMinOf(tally))
}

function pastOf(subject: Subject, tally: Tally) {
  if (!hasTrend(tally)) return []
  return subject.history.flatMap((past) => {
    const sums = past.tallies.get(tally.reads)
    return sums === undefined ? [] : [{ subject: past, tally: sums }]
  })
}

function groupedMatches(
  { by, measures }: Signal,
  subject: Subject,
  tally: Tally,
  samplesOf: (name: string) => readonly SampleRow[],
): readonly Match[] {
  if (by === null) return []
  const names = [...measures.keys()]
  const grouped = new Map(names.map((name) => [name, groupSamples(samplesOf(name), by, subject)]))
  const groups = new Set([...grouped.values()].flatMap((samples) => [...samples.keys()]))
  const rowsOf = (name: string, group: string) => grouped.get(name)?.get(group) ?? []
  return [...groups].sort().map((group) => {
    const sums = names.map((name) => [name, sumOfSamples(rowsOf(name, group), tally)] as const)
    return {
      group,
      measures: numbersOf(new Map(sums), tally),
      samples: () => rowsOf(names[0], group),
    }
  })
}

function numbersOf(
  sums: ReadonlyMap<string, Sum>,
  tally: Tally,
  trends: ReadonlyMap<string, Trend> = new Map(),
) {
  const [first = { value: 0, count: 0, minutes: 0 }] = sums.values()
  const measures = [...sums].map(
    ([name, sum]) => [name, measureNumbers(sum, first, tally, trends.get(name))] as const,
  )
  return new Map([...measures, [TOTAL, measureNumbers(tally.total, tally.total, tally)] as const])
}
