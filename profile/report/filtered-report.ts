import { mergeProfiles } from '../combine/merge-profiles.ts'
import { filterInTurn, type ProfileFilters } from '../filter/filter-profile.ts'
import type { Profile } from '../types.ts'
import { openReport, type Report } from './open-report.ts'
import type { ReportSettings } from './report-settings.ts'

/** These list all names and frames of a profile, used or not. */
const LISTS_FRAMES: ReadonlySet<string> = new Set(['pprof', 'speedscope', 'json'])

export interface FilteredReport {
  /** What the report will be written as. */
  readonly format: string
  /** Each is applied to what those before it left. */
  readonly filters: readonly ProfileFilters[]
  readonly settings: ReportSettings
}

/**
 * A report of what the filters leave, for a file that leaves the app: a name that they left out is in none of its lists.
 * Throws a ReportError.
 */
export function openFilteredReport(
  profile: Profile,
  { format, filters, settings }: FilteredReport,
): Report {
  const isFiltered = filters.some((filter) => Object.keys(filter).length > 0)
  if (isFiltered && LISTS_FRAMES.has(format)) {
    return openReport(mergeProfiles([filterInTurn(profile, filters)]), settings)
  }
  const filtered = filterInTurn(profile, filters.slice(0, -1))
  return openReport(filtered, { ...settings, filters: filters.at(-1) ?? {} })
}
