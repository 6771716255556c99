import { ProfileMerger } from './profile-merger.ts'
import type { Profile } from '../types.ts'

/**
 * One profile out of several, as pprof's Merge makes it, also of a single one (which pprof's own reports leave as it
 * is): samples without value are dropped, equal samples become one, what no sample uses is left out, and rows are in
 * order of first use. Throws a ProfileFormatError `incompatible` when sample or period types differ.
 */
export function mergeProfiles(profiles: readonly Profile[]): Profile {
  const merger = new ProfileMerger()
  for (const profile of profiles) merger.add(profile)
  return merger.finish()
}
