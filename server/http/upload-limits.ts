import type { Readable } from 'node:stream'
import type { ServerOptions } from '../options.ts'
import { readAtPace } from './read-pace.ts'

const PACE_GRACE_MS = 10_000
const LOCAL_ADDRESSES = ['127.0.0.1', '::1', '::ffff:127.0.0.1']

/** The rate limit of uploads per caller; loopback callers are exempt. */
export function uploadRateLimit({ uploadsPerMinuteMax }: ServerOptions) {
  return { max: uploadsPerMinuteMax, timeWindow: 60_000, allowList: LOCAL_ADDRESSES }
}

/** The bytes of an upload. Throws REQUEST_TIMEOUT when they arrive too slowly. */
export function uploadBytes(
  stream: Readable,
  { uploadBytesPerSecondMin }: Pick<ServerOptions, 'uploadBytesPerSecondMin'>,
): AsyncGenerator<Uint8Array> {
  return readAtPace(stream, { bytesPerSecondMin: uploadBytesPerSecondMin, graceMs: PACE_GRACE_MS })
}
