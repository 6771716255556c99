import { AppError } from '../api/index.ts'
import type { Readable } from 'node:stream'

const GRACE_MS = 10_000
const CHECK_MS = 1000

/**
 * The bytes of a stream, as long as they come at a pace. A caller who sends a byte now and then would hold an upload
 * open for as long as they like; throws REQUEST_TIMEOUT instead.
 */
export async function* readAtPace(
  stream: Readable,
  bytesPerSecondMin: number,
): AsyncGenerator<Uint8Array> {
  const startMs = performance.now()
  let sizeBytes = 0
  const timer = setInterval(() => {
    const elapsedMs = performance.now() - startMs
    if (elapsedMs < GRACE_MS || (sizeBytes / elapsedMs) * 1000 >= bytesPerSecondMin) return
    stream.destroy(
      new AppError('REQUEST_TIMEOUT', {
        message: `The upload came slower than ${bytesPerSecondMin} bytes per second.`,
      }),
    )
  }, CHECK_MS)
  try {
    for await (const chunk of stream) {
      if (!(chunk instanceof Uint8Array)) throw new TypeError('the stream is not of bytes')
      sizeBytes += chunk.length
      yield chunk
    }
  } finally {
    clearInterval(timer)
  }
}
