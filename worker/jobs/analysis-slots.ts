import type { Lane } from '../../store/index.ts'

/** A place for one analysis of a lane. */
export interface AnalysisSlot {
  /** Frees it, after which another analysis may start. Again it does nothing. */
  readonly free: () => void
  /** Frees it when there was nothing to analyse. */
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
  return {
    hasFree: (lane) => free[lane] > 0,
    take(lane) {
      if (free[lane] === 0) return null
      free[lane] -= 1
      let isHeld = true
      const giveUp = () => {
        if (isHeld) free[lane] += 1
        isHeld = false
      }
      return {
        giveUp,
        free() {
          if (!isHeld) return
          giveUp()
          onFree(lane)
        },
      }
    },
  }
}
