import {
  openReport,
  type Profile,
  PROTO_REPORTS,
  type ReportSettings,
  sampleTypeIndex,
} from '../../../profile/index.ts'
import { labelProfile } from '../reports/label-profile.ts'
import type { PprofFlags } from '../flags/pprof-flags.ts'

/** Flags that the page's address takes, with their names there, which are those of pprof's web page. */
const ADDRESS_NAMES: readonly (readonly [string, string])[] = [
  ['focus', 'f'],
  ['ignore', 'i'],
  ['hide', 'h'],
  ['show', 's'],
  ['show_from', 'sf'],
  ['tagfocus', 'tf'],
  ['tagignore', 'ti'],
]

/** Flags that change the profile before the page shows it. */
const PROFILE_TEXTS = ['prune_from', 'tagshow', 'taghide', 'tagroot', 'tagleaf']

/** Flags for what the page shows in another way, or not at all. */
const UNUSED = [
  'mean mean_delay unit nodecount nodefraction edgefraction trim relative_percentages drop_negative',
  'compact_labels call_tree showcolumns filefunctions files lines addresses source_path trim_path output',
].flatMap((names) => names.split(' '))

/** The query of the page's address, with its `?`, or `''`. */
export function pageQuery(
  { texts }: PprofFlags,
  settings: ReportSettings,
  sampleType: string | null,
): string {
  const params = new URLSearchParams()
  if (sampleType !== null) params.set('si', sampleType)
  for (const [flag, name] of ADDRESS_NAMES) {
    const text = texts.get(flag) ?? ''
    if (text !== '') params.set(name, text)
  }
  if (settings.sort === 'cum') params.set('sort', settings.sort)
  return params.size === 0 ? '' : `?${params.toString()}`
}

/** The sample type that the flags select, or null. Throws a ReportError where the profile lacks it. */
export function chosenSampleType(profile: Profile, { sampleIndex }: ReportSettings): string | null {
  if (sampleIndex === '') return null
  return profile.sampleTypes[sampleTypeIndex(profile, sampleIndex)]?.type ?? null
}

/** Whether the flags change the profile that the page shows. */
export function changesProfile({ texts }: PprofFlags, settings: ReportSettings): boolean {
  const isGiven = PROFILE_TEXTS.some((name) => (texts.get(name) ?? '') !== '')
  return isGiven || settings.noInlines || settings.divideBy !== 1
}

/** The profile, in profile.proto, after the flags that the page's address does not take. */
export function changedProfile(profile: Profile, settings: ReportSettings): Uint8Array {
  const { pruneFrom, tagShow, tagHide } = settings.filters
  const kept = {
    ...(pruneFrom === undefined ? {} : { pruneFrom }),
    ...(tagShow === undefined ? {} : { tagShow }),
    ...(tagHide === undefined ? {} : { tagHide }),
  }
  return PROTO_REPORTS.proto(
    openReport(labelProfile(profile, settings), { ...settings, filters: kept }),
  )
}

/** The names of given flags that the page does not use. */
export function unusedFlags({ texts, switches, numbers }: PprofFlags): readonly string[] {
  return UNUSED.filter((name) => texts.has(name) || switches.has(name) || numbers.has(name))
}
