import type { Levels } from '../facts/baseline.ts'
import type { PreparedInput } from '../prepare/prepare-input.ts'
import { levelsOf } from './levels.ts'

/** While a process starts it does what it does at no other time. */
export const START_SECONDS = 600

/** What the CPU profile among them says of what is normal; null without one, and while the process starts. */
export function measuredLevels({
  prepared,
}: {
  readonly prepared: readonly Pick<PreparedInput, 'subject'>[]
}): { readonly levels: Levels; readonly version: string | null } | null {
  for (const { subject } of prepared) {
    const tally = subject.tallies.get('cpu')
    if (tally === undefined) continue
    const { uptimeSeconds, kubernetesVersion: version } = subject
    if (uptimeSeconds !== null && uptimeSeconds < START_SECONDS) return null
    const levels = levelsOf(subject, tally)
    return levels === null ? null : { levels, version }
  }
  return null
}
