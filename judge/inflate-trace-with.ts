import { type Gunzip, inflateProfile } from '../gzip/index.ts'

/** Ten seconds of a large API server are less. */
const TRACE_BYTES_MAX = 256 * 1024 * 1024

/** The bytes of an execution trace, gzipped or not. Throws a ProfileFormatError. */
export function inflateTraceWith(gunzip: Gunzip, bytes: Uint8Array): Uint8Array {
  return inflateProfile(bytes, gunzip, { inflatedBytesMax: TRACE_BYTES_MAX }).bytes
}
