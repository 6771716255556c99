import type { CaptureSummary } from '../../api/index.ts'

const KINDS = ['cpu', 'heap', 'allocs', 'goroutine', 'mutex', 'block']

/** The profile that stands for a capture: of CPU time where it has one. `null` without a profile. */
export function mainProfileOf({ parts }: CaptureSummary): string | null {
  const ids = parts.flatMap(({ kind, profileId }) =>
    profileId === null ? [] : [{ kind, profileId }],
  )
  const [first] = ids.toSorted((a, b) => rankOf(a.kind) - rankOf(b.kind))
  return first?.profileId ?? null
}

function rankOf(kind: string): number {
  const rank = KINDS.indexOf(kind)
  return rank === -1 ? KINDS.length : rank
}
