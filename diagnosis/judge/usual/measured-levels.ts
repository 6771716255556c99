import type { Levels } from '../facts/baseline.ts'
import { isStarting } from '../prepare/is-starting.ts'
import type { PreparedInput } from '../prepare/prepare-input.ts'
import { levelsOf } from './levels.ts'

/** What the CPU profile among them says of what is normal; null without one, and while the process starts. */
export function measuredLevels({
  prepared,
}: {
  readonly prepared: readonly Pick<PreparedInput, 'subject'>[]
}): { readonly levels: Levels; readonly version: string | null } | null {
  for (const { subject } of prepared) {
    const tally = subject.tallies.get('cpu')
    if (tally === undefined) continue
    if (isStarting(subject)) return null
    const levels = levelsOf(subject, tally)
    return levels === null ? null : { levels, version: subject.kubernetesVersion }
  }
  return null
}
