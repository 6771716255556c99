import { hasComponentCode } from '../facts/component.ts'
import {
  type Delta,
  deltaOf,
  nameFuncs,
  type Profile,
  type ProfileOrigin,
  type RepairedStacks,
  repairStacks,
  ReportError,
} from '../../../profile/index.ts'
import type { ProfileType } from '../../../api/index.ts'
import { runAutomaton } from '../../pattern/stack-run.ts'
import type { RuleSet } from '../../rule/rule-set.ts'
import { type Reads, READS } from '../../rule/rule.ts'
import { ANY_VERSION, parseVersionRange } from '../../rule/version-range.ts'
import { agreeOnOrigins } from '../facts/agree-on-origin.ts'
import { type CalleeIndex, indexCallees } from './callee-index.ts'
import type { Baseline } from '../facts/baseline.ts'
import type { DiagnosisInput } from '../facts/diagnosis-input.ts'
import { asGoWritesIt, profileTypeOf } from './go-input.ts'
import { type Metrics, NO_METRICS } from '../facts/metrics.ts'
import type { Subject } from './subject.ts'
import { type Tally, tally } from './tally.ts'
import { addWaitFrames } from './wait-frames.ts'
import { waitLabelsOf } from './wait-labels.ts'

export interface PreparedInput {
  readonly input: DiagnosisInput
  readonly subject: Subject
  /** The growth since the previous profile, if there is one; then `subject` holds the rest. */
  readonly growth: Subject | null
  /** Why growth could not be computed from the given previous profile. */
  readonly fault: 'restarted' | 'out_of_order' | null
  readonly origin: ProfileOrigin
  readonly repair: RepairedStacks
}

interface Beside {
  readonly metrics?: Metrics
  /** What the profiles of its process agree on. */
  readonly origin?: ProfileOrigin
}

/** Repairs, names, matches and sums a profile once, for all rules. */
export function prepareInput(
  given: DiagnosisInput,
  row: number,
  ruleSet: RuleSet,
  { metrics = NO_METRICS, ...beside }: Beside = {},
): PreparedInput {
  const input = asGoWritesIt(given)
  const repair = repairStacks(input.profile)
  const origin = beside.origin ?? agreeOnOrigins([input], metrics.current)[0]
  const facts = { input: row, type: profileTypeOf(input), origin }
  const uptimeSeconds = input.uptimeSeconds ?? null
  const history = (input.history ?? []).map((past) =>
    prepareSubject(
      repairStacks(past).profile,
      { ...facts, uptimeSeconds, metrics: NO_METRICS, history: [], baseline: null },
      ruleSet,
    ),
  )
  const { baseline = null } = input
  const here = { ...facts, uptimeSeconds, metrics, history, baseline }
  const subject = prepareSubject(repair.profile, here, ruleSet)
  const delta = growthSince(input)
  if (delta === null || delta.verdict !== 'grown') {
    const isFault = delta?.verdict === 'restarted' || delta?.verdict === 'out_of_order'
    return { input, subject, growth: null, fault: isFault ? delta.verdict : null, origin, repair }
  }
  const grown = repairStacks(delta.profile).profile
  const growth = prepareSubject(grown, { ...here, history: [] }, ruleSet)
  const tallies = new Map([...subject.tallies].filter(([reads]) => !growth.tallies.has(reads)))
  return { input, subject: { ...subject, tallies }, growth, fault: null, origin, repair }
}

function growthSince({ profile, previous = null }: DiagnosisInput): Delta | null {
  if (previous === null) return null
  try {
    return deltaOf(previous, profile)
  } catch (error) {
    // Profiles of different kinds: there is nothing to compare.
    if (error instanceof ReportError) return null
    throw error
  }
}

interface SubjectFacts {
  readonly input: number
  readonly type: ProfileType
  readonly origin: ProfileOrigin
  readonly uptimeSeconds: number | null
  readonly metrics: Metrics
  readonly history: readonly Subject[]
  readonly baseline: Baseline | null
}

function prepareSubject(
  repaired: Profile,
  { input, type, origin, uptimeSeconds, metrics, history, baseline }: SubjectFacts,
  { automaton, partition, noise }: RuleSet,
): Subject {
  const waits = type === 'goroutine' ? waitLabelsOf(repaired) : null
  const profile = waits === null ? repaired : addWaitFrames(repaired, waits)
  const names = nameFuncs(profile)
  const run = runAutomaton(automaton, profile, names)
  const tallies = new Map<Reads, Tally>()
  for (const reads of readsOf(type)) {
    const sums = tally(reads, { profile, run, partition, noise, waits })
    if (sums !== null) tallies.set(reads, sums)
  }
  let callees: CalleeIndex | null = null
  return {
    input,
    type,
    profile,
    names,
    run,
    tallies,
    history,
    baseline,
    uptimeSeconds,
    metrics,
    callees: () => (callees ??= indexCallees(profile.stacks)),
    component: origin.component,
    mayBeComponent: origin.component !== null || hasComponentCode(names.names),
    kubernetesVersion: origin.kubernetesVersion,
    kubernetes: rangeOf(origin.kubernetesVersion),
    go: rangeOf(origin.goVersion),
    etcd: rangeOf(origin.etcdVersion),
  }
}

function readsOf(type: ProfileType): readonly Reads[] {
  switch (type) {
    case 'heap':
    case 'allocs':
      return ['inuse_space', 'alloc_space']
    case 'goroutine':
      return ['goroutine', 'goroutineleak']
    default:
      return READS.filter((reads) => reads === type)
  }
}

function rangeOf(version: string | null) {
  return (version === null ? null : parseVersionRange(version)) ?? ANY_VERSION
}
