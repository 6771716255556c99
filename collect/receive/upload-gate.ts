import { AppError } from '../../api/index.ts'
import type { ReceiveOptions } from '../options.ts'
import { openFairShare } from './fair-share.ts'

/** What is known of an upload before its first byte. */
export interface UploadHead {
  /** Whose share of the places and bytes it takes. */
  readonly caller: string
  readonly declaredSizeBytes: number | null
}

/** One upload under way. */
export interface Upload {
  /** Counts received bytes. Throws UPLOAD_TOO_LARGE, RATE_LIMITED or OVERLOADED. */
  readonly count: (sizeBytes: number) => void
  readonly leave: () => void
}

/** Limits the number and the total bytes of uploads under way, and shares them among callers. */
export interface UploadGate {
  /** Throws UPLOAD_TOO_LARGE, RATE_LIMITED, OVERLOADED or SHUTTING_DOWN. */
  enter(head: UploadHead): Upload
  /** How scarce places or bytes are for the caller, whichever is scarcer: 0 to 1. */
  scarcity(caller: string): number
  /** Refuses new uploads and settles when all current ones have ended. */
  close(): Promise<void>
}

export type UploadLimits = Pick<
  ReceiveOptions,
  'uploadBytesMax' | 'uploadsInFlightMax' | 'uploadBytesInFlightMax'
>

export function openUploadGate(options: UploadLimits): UploadGate {
  const { uploadBytesMax, uploadsInFlightMax, uploadBytesInFlightMax } = options
  const places = openFairShare({ total: uploadsInFlightMax, leastShare: 1, what: 'uploads' })
  const bytes = openFairShare({
    total: uploadBytesInFlightMax,
    leastShare: uploadBytesMax,
    what: 'uploads',
  })
  let uploadCount = 0
  let onEmpty: (() => void) | null = null

  return {
    enter({ caller, declaredSizeBytes }) {
      if (onEmpty !== null) throw new AppError('SHUTTING_DOWN', { retryAfterSeconds: 5 })
      let heldBytes = declaredSizeBytes ?? 0
      let arrivedBytes = 0
      if (heldBytes > uploadBytesMax) throw tooLarge(uploadBytesMax)
      places.take(caller, 1)
      try {
        bytes.take(caller, heldBytes)
      } catch (error) {
        places.give(caller, 1)
        throw error
      }
      uploadCount += 1
      return {
        count(sizeBytes) {
          arrivedBytes += sizeBytes
          if (arrivedBytes > uploadBytesMax) throw tooLarge(uploadBytesMax)
          if (arrivedBytes <= heldBytes) return
          bytes.take(caller, arrivedBytes - heldBytes)
          heldBytes = arrivedBytes
        },
        leave() {
          places.give(caller, 1)
          bytes.give(caller, heldBytes)
          uploadCount -= 1
          if (uploadCount === 0) onEmpty?.()
        },
      }
    },
    scarcity: (caller) => Math.max(places.scarcity(caller), bytes.scarcity(caller)),
    close() {
      return new Promise((resolve) => {
        onEmpty = resolve
        if (uploadCount === 0) resolve()
      })
    },
  }
}

function tooLarge(uploadBytesMax: number): AppError {
  return new AppError('UPLOAD_TOO_LARGE', {
    message: `The upload is larger than ${uploadBytesMax} bytes.`,
    details: { uploadBytesMax },
  })
}
