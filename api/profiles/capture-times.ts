/** By the clock of the process that it is of. */
export interface ProfileTimes {
  readonly takenAtMs: number | null
  /** Null for a moment, as a heap profile is. */
  readonly durationSeconds: number | null
}

/**
 * From the begin of the first of a capture's profiles to the end of the last; null where none has a time. How long the capture
 * took is null where none was measured for a while: moments lie within it, and do not say how far apart its metrics were read.
 */
export function spanOfProfiles(
  profiles: readonly ProfileTimes[],
): { readonly fromMs: number; readonly tookMs: number | null } | null {
  const spans = profiles.flatMap(({ takenAtMs, durationSeconds }) =>
    takenAtMs === null
      ? []
      : [{ fromMs: takenAtMs, ms: Math.round((durationSeconds ?? 0) * 1000) }],
  )
  if (spans.length === 0) return null
  const fromMs = Math.min(...spans.map((span) => span.fromMs))
  const tookMs = Math.max(...spans.map((span) => span.fromMs + span.ms)) - fromMs
  return { fromMs, tookMs: spans.some(({ ms }) => ms > 0) ? tookMs : null }
}
