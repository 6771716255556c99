import type { Lane } from '../../store/index.ts'

/** A place for one analysis of a lane. */
export interface AnalysisSlot {
  /** Frees it, after which another analysis may start. Again it does nothing. */
  readonly free: () => void
  /** Frees it when there was nothing to analyse; starts what is due if another was refused the slot meanwhile. */
  readonly giveUp: () => void
}

export interface AnalysisSlots {
  hasFree(lane: Lane): boolean
  /** Null when none is free. */
  take(lane: Lane): AnalysisSlot | null
}

/** So many for each lane. `onFree` starts what is due. */
export function openAnalysisSlots(
  counts: Readonly<Record<Lane, number>>,
  onFree: (lane: Lane) => void,
): AnalysisSlots {
  const free = { ...counts }
  const refused = new Set<Lane>()
  return {
    hasFree: (lane) => free[lane] > 0,
    take(lane) {
      if (free[lane] === 0) {
        refused.add(lane)
        return null
      }
      refused.delete(lane)
      free[lane] -= 1
      let isHeld = true
      const end = (mayStart: () => boolean) => {
        if (!isHeld) return
        isHeld = false
        free[lane] += 1
        if (mayStart()) onFree(lane)
      }
      return { free: () => end(() => true), giveUp: () => end(() => refused.has(lane)) }
    },
  }
}
