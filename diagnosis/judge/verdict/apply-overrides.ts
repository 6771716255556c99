import { isOverridden, type Override } from '../../rule/overrides.ts'
import { isForComponent } from '../facts/component.ts'
import { LEVEL_ORDER, type Verdict } from './verdict.ts'

/** A verdict that the installation's overrides took away or lowered. */
export interface Overridden {
  readonly verdict: Verdict
  readonly override: Override
}

/** Leaves out what is muted and lowers what is capped. The first override that fits a verdict counts. */
export function applyOverrides(
  verdicts: readonly Verdict[],
  overrides: readonly Override[],
): { readonly verdicts: readonly Verdict[]; readonly overridden: readonly Overridden[] } {
  const overridden: Overridden[] = []
  const kept = verdicts.flatMap((verdict) => {
    const override = overrides.find((candidate) => isMeant(verdict, candidate))
    if (override === undefined) return [verdict]
    const { atMost } = override
    if (atMost !== null && LEVEL_ORDER[verdict.level] <= LEVEL_ORDER[atMost]) return [verdict]
    overridden.push({ verdict, override })
    return atMost === null ? [] : [{ ...verdict, level: atMost }]
  })
  return { verdicts: kept, overridden }
}

/** An override ends for what was captured later, so that a report says the same whenever it is made. */
function isMeant({ rule, subject }: Verdict, override: Override): boolean {
  const { components, untilNs } = override
  const { timeNs } = subject.profile
  if (!isOverridden(rule.id, override)) return false
  if (components.length > 0 && !isForComponent(components, subject.component)) return false
  return untilNs === null || timeNs === 0n || timeNs < untilNs
}
