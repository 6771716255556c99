import type { Readable } from 'node:stream'
import type { ServerOptions } from '../options.ts'
import { readAtPace } from './read-pace.ts'

const PACE_GRACE_MS = 10_000
const LOCAL_ADDRESSES = ['127.0.0.1', '::1', '::ffff:127.0.0.1']

/** How often a caller may upload; from the machine itself there is no limit. */
export function uploadRateLimit({ uploadsPerMinuteMax }: ServerOptions) {
  return { max: uploadsPerMinuteMax, timeWindow: 60_000, allowList: LOCAL_ADDRESSES }
}

/** The bytes of an upload. Throws REQUEST_TIMEOUT where they come too slowly. */
export function uploadBytes(
  stream: Readable,
  { uploadBytesPerSecondMin }: Pick<ServerOptions, 'uploadBytesPerSecondMin'>,
): AsyncGenerator<Uint8Array> {
  return readAtPace(stream, { bytesPerSecondMin: uploadBytesPerSecondMin, graceMs: PACE_GRACE_MS })
}
