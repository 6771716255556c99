import {
  inferOrigin,
  inferProfileType,
  nameFuncs,
  type Profile,
  type ProfileOrigin,
  type RepairedStacks,
  repairStacks,
} from '../../profile/index.ts'
import type { ProfileType } from '../report.ts'
import { runAutomaton } from '../pattern/stack-run.ts'
import type { RuleSet } from '../rule/rule-set.ts'
import { type Reads, READS } from '../rule/rule.ts'
import { ANY_VERSION, parseVersionRange } from '../rule/version-range.ts'
import { type CalleeIndex, indexCallees } from './callee-index.ts'
import type { Subject } from './subject.ts'
import { type Tally, tally } from './tally.ts'

/** A profile to judge, and what is known of it from elsewhere. */
export interface DiagnosisInput {
  /** What the report calls it: a path, or a name of the service's. */
  readonly path: string
  readonly profile: Profile
  /** Told by the one who took it; else it is inferred. */
  readonly component?: string | null
  readonly type?: ProfileType | null
  readonly kubernetesVersion?: string | null
  readonly uptimeSeconds?: number | null
}

export interface PreparedInput {
  readonly input: DiagnosisInput
  readonly subject: Subject
  readonly origin: ProfileOrigin
  readonly repair: RepairedStacks
}

/** Repairs, names, matches and sums a profile once, for all rules. */
export function prepareInput(input: DiagnosisInput, row: number, ruleSet: RuleSet): PreparedInput {
  const repair = repairStacks(input.profile)
  const { profile } = repair
  const names = nameFuncs(profile)
  const run = runAutomaton(ruleSet.automaton, profile, names)
  const inferred = inferOrigin(profile)
  const origin = {
    ...inferred,
    component: input.component ?? inferred.component,
    kubernetesVersion: input.kubernetesVersion ?? inferred.kubernetesVersion,
  }
  const type = input.type ?? typeOf(input)
  const tallies = new Map<Reads, Tally>()
  for (const reads of readsOf(type)) {
    const { partition, noise } = ruleSet
    const sums = tally(reads, { profile, run, partition, noise })
    if (sums !== null) tallies.set(reads, sums)
  }
  let callees: CalleeIndex | null = null
  const subject = {
    input: row,
    type,
    profile,
    names,
    run,
    tallies,
    callees: () => (callees ??= indexCallees(profile.stacks)),
    component: origin.component,
    kubernetes: rangeOf(origin.kubernetesVersion),
    go: rangeOf(origin.goVersion),
    uptimeSeconds: input.uptimeSeconds ?? null,
  }
  return { input, subject, origin, repair }
}

/** A block or mutex profile without telling stacks may be told by its name. */
function typeOf({ path, profile }: DiagnosisInput): ProfileType {
  const type = inferProfileType(profile)
  if (type === 'other') return 'unknown'
  if (type !== 'contention') return type
  const file = path.slice(path.lastIndexOf('/') + 1)
  return (['mutex', 'block'] as const).find((word) => file.includes(word)) ?? 'unknown'
}

function readsOf(type: ProfileType): readonly Reads[] {
  switch (type) {
    case 'heap':
    case 'allocs':
      return ['inuse_space', 'alloc_space']
    default:
      return READS.filter((reads) => reads === type)
  }
}

function rangeOf(version: string | null) {
  return (version === null ? null : parseVersionRange(version)) ?? ANY_VERSION
}
