import { type Delta, deltaOf, type Profile, ReportError } from '../../../profile/index.ts'

/**
 * Compares the later of two profiles with the earlier; see Delta. Profiles that cannot be compared
 * count as not grown.
 */
export function growthVerdict(previous: Profile, current: Profile): Delta['verdict'] {
  try {
    return deltaOf(previous, current).verdict
  } catch (error) {
    if (error instanceof ReportError) return 'nothing_cumulative'
    throw error
  }
}
