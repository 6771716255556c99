import type { PreparedInput } from '../../judge/prepare/prepare-input.ts'
import { waitLabelsOf } from '../../judge/prepare/wait-labels.ts'

/** What a capture holds, as the paths by which it is fetched: `goroutine`, `allocs?seconds`. */
export type TakenProfiles = ReadonlySet<string>

/** Those of an interval, and goroutines, whose states only a dump in text has. */
export function takenProfiles(prepared: readonly PreparedInput[]): TakenProfiles {
  const paths = prepared.flatMap(({ subject: { type, profile } }) => {
    if (type !== 'goroutine') return profile.durationNs > 0n ? [`${type}?seconds`] : []
    return waitLabelsOf(profile) === null ? [type] : [type, `${type}?debug=2`]
  })
  return new Set(paths)
}

const FETCH_ALONE = /^\{pprof:([^}]*)\} > \S+$/

/** Whether a step only fetches a profile that the capture holds. */
export function isTaken(command: string | null, taken: TakenProfiles): boolean {
  const path = FETCH_ALONE.exec(command ?? '')?.[1] ?? null
  return path !== null && taken.has(path.replace(/seconds=\d+$/, 'seconds'))
}
