import { Inflate, Z_FINISH, Z_NO_FLUSH } from 'pako'
import { Decompress } from 'fzstd'
import { type Profile, ProfileFormatError } from '../profile/index.ts'
import { gzipError } from './gzip-error.ts'
import { joinBytes } from './join-bytes.ts'
import { type Gunzip, readProfileWith, type ReadOptions, refuseSize } from './read-profile.ts'
import type { Unzstd } from './unwrap-bytes.ts'

/** Reads a profile as a browser gets it from a file: gzip, zstd or plain. Throws a ProfileFormatError. */
export function readProfile(bytes: Uint8Array, options: ReadOptions = {}): Profile {
  return readProfileWith({ gunzip, unzstd }, bytes, options)
}

/** Gunzip by pako. */
export const gunzip: Gunzip = (bytes, { inflatedBytesMax, isPrefix }) => {
  const inflate = new Inflate({ chunkSize: 256 * 1024 })
  const chunks: Uint8Array[] = []
  let inflatedBytes = 0
  let input = { next_in: 0 }
  inflate.onStart = (stream) => {
    input = stream
  }
  inflate.onData = (chunk) => {
    inflatedBytes += chunk.length
    if (inflatedBytes > inflatedBytesMax) refuseSize(inflatedBytesMax)
    chunks.push(chunk)
  }
  inflate.push(bytes, isPrefix ? Z_NO_FLUSH : Z_FINISH)
  if (inflate.err !== 0) throw gzipError(inflate.msg)
  return { bytes: joinBytes(chunks, inflatedBytes), readBytes: input.next_in }
}

/** zstd by fzstd. */
export const unzstd: Unzstd = (bytes, inflatedBytesMax) => {
  const chunks: Uint8Array[] = []
  let inflatedBytes = 0
  const stream = new Decompress((chunk) => {
    inflatedBytes += chunk.length
    if (inflatedBytes > inflatedBytesMax) refuseSize(inflatedBytesMax)
    chunks.push(chunk)
  })
  try {
    stream.push(bytes, true)
  } catch (error) {
    if (error instanceof ProfileFormatError || !(error instanceof Error)) throw error
    throw new ProfileFormatError('zstd_corrupt', `the zstd data is damaged: ${error.message}`)
  }
  return joinBytes(chunks, inflatedBytes)
}
