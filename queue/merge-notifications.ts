/** So many are carried at once, and so many a second in the long run. */
const BURST_MAX = 20
const PER_SECOND = 20

export interface MergedNotifications {
  /** Settles as the notification does that was carried for it. */
  readonly notify: (analysisId: string) => Promise<void>
  /** Carries now what waits. */
  readonly flush: () => void
}

interface Waiting {
  analysisId: string
  readonly carry: () => void
  readonly carried: Promise<void>
}

/**
 * Of notifications that come fast only some are carried: a worker that hears of one does all that is due then. The last
 * always is, within a twentieth of a second.
 */
export function mergeNotifications(
  carry: (analysisId: string) => Promise<void>,
): MergedNotifications {
  let free = BURST_MAX
  let countedAtMs = performance.now()
  let waiting: Waiting | null = null

  function count(): void {
    const nowMs = performance.now()
    free = Math.min(BURST_MAX, free + ((nowMs - countedAtMs) / 1000) * PER_SECOND)
    countedAtMs = nowMs
  }

  function wait(analysisId: string): Waiting {
    const { promise: carried, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(() => own.carry(), ((1 - free) / PER_SECOND) * 1000)
    const own: Waiting = {
      analysisId,
      carried,
      carry() {
        clearTimeout(timer)
        waiting = null
        free -= 1
        resolve(carry(own.analysisId))
      },
    }
    return own
  }

  return {
    notify(analysisId) {
      count()
      if (waiting === null && free >= 1) {
        free -= 1
        return carry(analysisId)
      }
      waiting ??= wait(analysisId)
      waiting.analysisId = analysisId
      return waiting.carried
    },
    flush: () => waiting?.carry(),
  }
}
