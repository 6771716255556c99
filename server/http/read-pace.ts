import { AppError } from '../../api/index.ts'
import type { Readable } from 'node:stream'

export interface Pace {
  /** Less than this is too slow; 0 lets everything pass. */
  readonly bytesPerSecondMin: number
  /** Nothing is said for this long. */
  readonly graceMs: number
}

/**
 * The bytes of a stream, as long as they come at a pace. A caller who sends a byte now and then would hold an upload
 * open for as long as they like; throws REQUEST_TIMEOUT instead. However it ends, the stream is left as it is, because a
 * request that is destroyed takes the socket of its answer with it.
 */
export async function* readAtPace(
  stream: Readable,
  { bytesPerSecondMin, graceMs }: Pace,
): AsyncGenerator<Uint8Array> {
  const startMs = performance.now()
  let sizeBytes = 0
  const { promise: tooSlow, reject } = Promise.withResolvers<never>()
  const timer = setInterval(() => {
    const elapsedMs = performance.now() - startMs
    if (elapsedMs < graceMs || (sizeBytes / elapsedMs) * 1000 >= bytesPerSecondMin) return
    reject(
      new AppError('REQUEST_TIMEOUT', {
        message: `The upload came slower than ${bytesPerSecondMin} bytes per second.`,
      }),
    )
  }, graceMs / 10)
  const chunks = stream.iterator({ destroyOnReturn: false })
  try {
    for (;;) {
      const { done, value } = await Promise.race([chunks.next(), tooSlow])
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
