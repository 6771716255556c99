import { AppError } from '../../api/index.ts'
import type { Readable } from 'node:stream'

export interface Pace {
  /** The minimum rate in bytes per second; 0 disables the check. */
  readonly bytesPerSecondMin: number
  /** Grace period before the pace is enforced. */
  readonly graceMs: number
}

const STEPS_PER_GRACE = 10

/**
 * Yields the bytes of a stream while they arrive fast enough; else throws REQUEST_TIMEOUT. Throws
 * REQUEST_INVALID when they break off. Without it a slow sender could keep an upload open forever.
 * The pace is read again ten times per grace period. The stream is never destroyed here, because
 * destroying a request closes the socket of its response.
 */
export async function* readAtPace(stream: Readable, pace: () => Pace): AsyncGenerator<Uint8Array> {
  const stepMs = pace().graceMs / STEPS_PER_GRACE
  let elapsedMs = 0
  let sizeBytes = 0
  let slow: AppError | null = null
  let refuseNext: ((error: AppError) => void) | null = null
  const timer = setInterval(() => {
    const { bytesPerSecondMin, graceMs } = pace()
    // By steps: while this process stands still it reads nothing, and is given none.
    elapsedMs += stepMs
    if (elapsedMs < graceMs || (sizeBytes / elapsedMs) * 1000 >= bytesPerSecondMin) return
    slow = new AppError('REQUEST_TIMEOUT', {
      message: `The upload came slower than ${Math.round(bytesPerSecondMin)} bytes per second.`,
    })
    refuseNext?.(slow)
  }, stepMs)
  const chunks = stream.iterator({ destroyOnReturn: false })
  // No race with one promise for all chunks: that would hold each of them until the stream ends.
  const next = () =>
    new Promise<IteratorResult<unknown>>((resolve, reject) => {
      refuseNext = reject
      if (slow !== null) reject(slow)
      chunks.next().catch(cutShort).then(resolve, reject)
    })
  try {
    for (;;) {
      const { done, value } = await next()
      if (done === true) return
      if (!(value instanceof Uint8Array)) throw new TypeError('the stream is not of bytes')
      sizeBytes += value.length
      yield value
    }
  } finally {
    clearInterval(timer)
    void chunks.return?.()
  }
}

/** The sender went away, or its form ends within a file. */
function cutShort(cause: unknown): never {
  if (cause instanceof AppError) throw cause
  const reason = cause instanceof Error ? cause.message : String(cause)
  throw new AppError('REQUEST_INVALID', {
    message: `The upload broke off before its end: ${reason.replace(/\.$/, '')}.`,
    cause,
  })
}
