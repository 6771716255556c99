import { constants, gunzipSync, zstdDecompressSync } from 'node:zlib'
import { type Profile, ProfileFormatError, type ProfileMerger } from '../profile/index.ts'
import { gzipError } from './gzip-error.ts'
import {
  type Gunzip,
  mergeProfileWith,
  readProfileWith,
  type ReadOptions,
  refuseSize,
} from './read-profile.ts'

export { inflateAhead } from './inflate-ahead.ts'

/** Reads a profile as it lies on disk or comes over a wire: gzip or plain. Throws a ProfileFormatError. */
export function readProfile(bytes: Uint8Array, options: ReadOptions = {}): Profile {
  return readProfileWith({ gunzip, unzstd }, bytes, options)
}

/** Reads a profile as `readProfile` does and adds it to what is being merged. Throws a ProfileFormatError. */
export function mergeProfile(
  merger: ProfileMerger,
  bytes: Uint8Array,
  options: ReadOptions = {},
): void {
  mergeProfileWith({ gunzip, unzstd }, merger, bytes, options)
}

/** Gunzip by node:zlib. */
export const gunzip: Gunzip = (bytes, { inflatedBytesMax, isPrefix }) => {
  try {
    // @types/node does not know that `info` changes what is returned.
    const result: unknown = gunzipSync(bytes, {
      info: true,
      maxOutputLength: inflatedBytesMax,
      finishFlush: isPrefix ? constants.Z_SYNC_FLUSH : constants.Z_FINISH,
      chunkSize: chunkSizeFor(bytes, inflatedBytesMax),
    })
    if (!isInflatedWithInfo(result)) throw new TypeError('node:zlib answered without info')
    return { bytes: result.buffer, readBytes: result.engine.bytesWritten }
  } catch (error) {
    if (!isZlibError(error)) throw error
    if (error.code === 'ERR_BUFFER_TOO_LARGE') refuseSize(inflatedBytesMax)
    throw gzipError(error.message)
  }
}

/** zstd by node:zlib. Throws a ProfileFormatError `zstd_corrupt` or `inflated_bytes`. */
export function unzstd(bytes: Uint8Array, inflatedBytesMax: number): Uint8Array {
  try {
    return zstdDecompressSync(bytes, { maxOutputLength: inflatedBytesMax })
  } catch (error) {
    if (!isZlibError(error)) throw error
    if (error.code === 'ERR_BUFFER_TOO_LARGE') refuseSize(inflatedBytesMax)
    throw new ProfileFormatError('zstd_corrupt', `the zstd data is damaged: ${error.message}`)
  }
}

const CHUNK_BYTES_MIN = 64 * 1024

/**
 * gzip's last four bytes hold the last member's length; one chunk of that size saves joining many. Its memory comes
 * from the system as it is written to, so that a length that is not true costs nothing.
 */
function chunkSizeFor(bytes: Uint8Array, inflatedBytesMax: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const sizeBytes = bytes.length < 18 ? 0 : view.getUint32(bytes.length - 4, true) + 1
  const plausible = Math.min(inflatedBytesMax, bytes.length * 16)
  return sizeBytes <= plausible ? Math.max(CHUNK_BYTES_MIN, sizeBytes) : CHUNK_BYTES_MIN
}

function isInflatedWithInfo(
  result: unknown,
): result is { buffer: Uint8Array; engine: { bytesWritten: number } } {
  return typeof result === 'object' && result !== null && 'buffer' in result && 'engine' in result
}

function isZlibError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
}
