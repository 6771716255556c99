import type { RuleSet } from '../../rule/rule-set.ts'
import type { Rule } from '../../rule/rule.ts'
import { rangesMeet, ANY_VERSION } from '../../rule/version-range.ts'
import { hasClientCode, isSpecific } from '../facts/component.ts'
import { isForSubject } from './is-for-subject.ts'
import { CPU_SAMPLES_MIN } from './judge-rule.ts'
import type { PreparedInput } from '../prepare/prepare-input.ts'
import type { Subject } from '../prepare/subject.ts'
import type { Tally } from '../prepare/tally.ts'

/** How far a profile could be judged. */
export interface Coverage {
  readonly prepared: PreparedInput
  /** Rules for its component alone that looked at it; of an unknown component all that are for any one. */
  readonly ownRules: number
  /** Rules for clients of Kubernetes, whichever program, that looked at it; none where it has no code of a client. */
  readonly clientRules: number
  /** Rules for any program that looked at it. */
  readonly generalRules: number
  readonly gap: Gap | null
}

/**
 * Why nothing that goes on now could be seen in a profile. `since_start`: its values count since the process started, so
 * that what is seen may be long past. `partial_stacks`: it is a printed report, without the callers that rules ask for.
 */
export type Gap =
  | 'no_samples'
  | 'too_few_samples'
  | 'no_symbols'
  | 'no_rules'
  | 'partial_stacks'
  | 'since_start'

export function coverageOf(prepared: PreparedInput, { rules }: RuleSet): Coverage {
  const { subject, growth } = prepared
  const subjects = growth === null ? [subject] : [subject, growth]
  const reads = new Set(subjects.flatMap(({ tallies }) => [...tallies.keys()]))
  const looking = rules.filter(
    (rule) => isFor(rule, subject) && rule.signals.some((signal) => reads.has(signal.reads)),
  )
  const ownRules = looking.filter(({ components }) => isSpecific(components)).length
  const forClients = looking.filter(({ id, components, isForAnyClient }) => {
    return !isSpecific(components) && id.startsWith('client.') && !isForAnyClient
  }).length
  const clientRules = hasClientCode(subject.names.names) ? forClients : 0
  return {
    prepared,
    ownRules,
    clientRules,
    generalRules: looking.length - ownRules - forClients,
    gap: gapOf(
      prepared,
      subjects.flatMap(({ tallies }) => [...tallies.values()]),
      looking,
    ),
  }
}

function isFor({ components, versions, goVersions }: Rule, subject: Subject): boolean {
  return (
    isForSubject(components, subject) &&
    rangesMeet(versions ?? ANY_VERSION, subject.kubernetes) &&
    rangesMeet(goVersions ?? ANY_VERSION, subject.go)
  )
}

function gapOf(
  { subject, growth }: PreparedInput,
  tallies: readonly Tally[],
  looking: readonly Rule[],
): Gap | null {
  if (subject.profile.samples.length === 0) return 'no_samples'
  if (!subject.names.names.some((name) => name !== '')) return 'no_symbols'
  if (looking.length === 0) return 'no_rules'
  if (subject.profile.warnings.some(({ code }) => code === 'partial_stacks')) {
    return 'partial_stacks'
  }
  const cpu = tallies.find(({ reads }) => reads === 'cpu')
  if (cpu !== undefined && cpu.total.count < CPU_SAMPLES_MIN) return 'too_few_samples'
  // Growth since an earlier capture is of now, whatever its sample types count.
  const isSinceStart = growth === null && tallies.every(({ kind }) => kind === 'cumulative')
  return isSinceStart ? 'since_start' : null
}
