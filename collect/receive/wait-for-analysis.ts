import { setTimeout as delay } from 'node:timers/promises'
import type { ProfileStore, StoredProfile } from '../../store/index.ts'

const POLL_MS_MIN = 10
const POLL_MS_MAX = 100

export interface WaitOptions {
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

/**
 * Returns the profile once it is ready, failed or quarantined, or its current state when the time is over; `null` when
 * it does not exist. Polls the database, because the worker may be another process.
 */
export async function waitForAnalysis(
  profiles: Pick<ProfileStore, 'find'>,
  profileId: string,
  { timeoutMs, signal }: WaitOptions,
): Promise<StoredProfile | null> {
  const endMs = performance.now() + timeoutMs
  for (let pollMs = POLL_MS_MIN; ; pollMs = Math.min(pollMs * 1.2, POLL_MS_MAX)) {
    const profile = await profiles.find(profileId)
    const leftMs = endMs - performance.now()
    if (profile === null || isFinal(profile) || leftMs <= 0 || signal?.aborted) return profile
    await delay(Math.min(pollMs, leftMs), undefined, signal === undefined ? {} : { signal }).catch(
      () => undefined,
    )
  }
}

function isFinal({ status }: StoredProfile): boolean {
  return status === 'ready' || status === 'failed' || status === 'quarantined'
}
