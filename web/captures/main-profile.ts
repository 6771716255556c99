import type { CaptureSummary } from '../../api/index.ts'

const KINDS = ['cpu', 'heap', 'allocs', 'goroutine', 'mutex', 'block']

/** The profiles of a capture, those that say most first. */
export function profilesOf({
  parts,
}: CaptureSummary): readonly { readonly kind: string; readonly profileId: string }[] {
  const profiles = parts.flatMap(({ kind, profileId }) =>
    profileId === null ? [] : [{ kind, profileId }],
  )
  return profiles.toSorted((a, b) => rankOf(a.kind) - rankOf(b.kind))
}

/** The profile that stands for a capture: of CPU time where it has one. `null` without a profile. */
export function mainProfileOf(capture: CaptureSummary): string | null {
  return profilesOf(capture)[0]?.profileId ?? null
}

function rankOf(kind: string): number {
  const rank = KINDS.indexOf(kind)
  return rank === -1 ? KINDS.length : rank
}
