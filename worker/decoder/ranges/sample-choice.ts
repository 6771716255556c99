import type { RangeSeriesQuery } from '../../../api/index.ts'
import { measureRule, prepareInput, type RuleSet } from '../../../diagnosis/index.ts'
import type { RangePlan, SampleChoice } from '../../../history/index.ts'
import {
  type FunctionGroup,
  type Profile,
  repairForViews,
  ReportError,
  samplesOfGroup,
} from '../../../profile/index.ts'

const GROUPS = ['function', 'package', 'subsystem'] as const

/** Which samples a series measures; null for all. Throws a ReportError for a rule that is not there. */
export function sampleChoice(
  query: RangeSeriesQuery,
  { series }: Pick<RangePlan, 'series'>,
  ruleSet: RuleSet,
): SampleChoice | null {
  const { rule, sort = 'flat' } = query
  if (rule !== undefined) {
    const component = series[0]?.labels['component'] ?? null
    return {
      of: (profile) => samplesOfRule(profile, { rule, component, ruleSet }),
      ofLeaves: null,
    }
  }
  const [group] = GROUPS.flatMap((by) => {
    const name = query[by]
    return name === undefined ? [] : [{ by, name }]
  })
  if (group === undefined) return null
  // Callers that Go cut off change nothing at the leaves.
  return sort === 'flat'
    ? {
        of: (profile) => samplesOf(profile, group).isFlat,
        ofLeaves: (profile) => samplesOfGroup(profile, group).isFlat,
      }
    : { of: (profile) => samplesOf(repairForViews(profile), group).isCum, ofLeaves: null }
}

/**
 * Findings name a function for its closures too, as a goroutine that begins in one has none of its own name: where no stack
 * has the function, its closures count.
 */
function samplesOf(profile: Profile, group: FunctionGroup) {
  const own = samplesOfGroup(profile, group)
  if (group.by !== 'function' || own.isCum.includes(1)) return own
  return samplesOfGroup(profile, { by: 'closures', name: group.name })
}

interface Wanted {
  readonly rule: string
  readonly component: string | null
  readonly ruleSet: RuleSet
}

/** For each sample 1 where the rule measures it, whether or not that would be a finding. */
function samplesOfRule(profile: Profile, { rule: id, component, ruleSet }: Wanted): Uint8Array {
  const rule = ruleSet.rules.find((one) => one.id === id)
  if (rule === undefined) throw new ReportError(`there is no rule ${id} that measures one profile`)
  const { subject } = prepareInput({ path: 'range', profile, component }, 0, ruleSet)
  const isCounted = new Uint8Array(profile.samples.length)
  for (const { samples } of measureRule(rule, subject)) {
    for (const sample of samples()) isCounted[sample] = 1
  }
  return isCounted
}
