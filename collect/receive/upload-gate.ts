import { AppError } from '../../api/index.ts'
import type { ReceiveOptions } from '../options.ts'

const BUSY_RETRY_SECONDS = 2

/** One upload under way. */
export interface Upload {
  /** Counts received bytes. Throws UPLOAD_TOO_LARGE or OVERLOADED. */
  readonly count: (sizeBytes: number) => void
  readonly leave: () => void
}

/** Limits the number and the total bytes of uploads under way. */
export interface UploadGate {
  /** Throws UPLOAD_TOO_LARGE, OVERLOADED or SHUTTING_DOWN. */
  enter(declaredSizeBytes: number | null): Upload
  /** Refuses new uploads and settles when all current ones have ended. */
  close(): Promise<void>
}

export type UploadLimits = Pick<
  ReceiveOptions,
  'uploadBytesMax' | 'uploadsInFlightMax' | 'uploadBytesInFlightMax'
>

export function openUploadGate(options: UploadLimits): UploadGate {
  const { uploadBytesMax, uploadsInFlightMax, uploadBytesInFlightMax } = options
  let uploadCount = 0
  let inFlightBytes = 0
  let onEmpty: (() => void) | null = null

  return {
    enter(declaredSizeBytes) {
      if (onEmpty !== null) throw new AppError('SHUTTING_DOWN', { retryAfterSeconds: 5 })
      if (declaredSizeBytes !== null && declaredSizeBytes > uploadBytesMax)
        throw tooLarge(uploadBytesMax)
      let heldBytes = declaredSizeBytes ?? 0
      let cameBytes = 0
      if (uploadCount >= uploadsInFlightMax) throw busy()
      if (inFlightBytes + heldBytes > uploadBytesInFlightMax) throw busy()
      uploadCount += 1
      inFlightBytes += heldBytes
      return {
        count(sizeBytes) {
          cameBytes += sizeBytes
          if (cameBytes > uploadBytesMax) throw tooLarge(uploadBytesMax)
          if (cameBytes <= heldBytes) return
          inFlightBytes += cameBytes - heldBytes
          heldBytes = cameBytes
          if (inFlightBytes > uploadBytesInFlightMax) throw busy()
        },
        leave() {
          uploadCount -= 1
          inFlightBytes -= heldBytes
          if (uploadCount === 0) onEmpty?.()
        },
      }
    },
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

function busy(): AppError {
  return new AppError('OVERLOADED', {
    message: 'Too many uploads are under way; try again in a moment.',
    retryAfterSeconds: BUSY_RETRY_SECONDS,
  })
}
