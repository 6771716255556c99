import type { Profile, ProfileWarning } from '../types.ts'

export const CUT_OFF: ProfileWarning = {
  code: 'dump_cut_off',
  text: 'The text ends in the middle: Go stops after 64 MiB, and what comes behind is missing.',
}

export function skippedLines(count: number): ProfileWarning {
  const text = `${count} lines between the goroutines are not part of the dump and were skipped.`
  return { code: 'dump_lines_skipped', text }
}

export function severalDumps(count: number, goroutineCount: number): ProfileWarning {
  const text = `The text holds ${count} dumps; the one with the most goroutines, ${goroutineCount}, is read.`
  return { code: 'several_dumps', text }
}

/** The profile with a warning that it does not have yet. */
export function warn(profile: Profile, warning: ProfileWarning): Profile {
  const isKnown = profile.warnings.some(({ code }) => code === warning.code)
  return isKnown ? profile : { ...profile, warnings: [...profile.warnings, warning] }
}
