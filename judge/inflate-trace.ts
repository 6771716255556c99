import { gunzip } from '../gzip/node.ts'
import { inflateTraceWith } from './inflate-trace-with.ts'

/** The bytes of an execution trace, gzipped or not. Throws a ProfileFormatError. */
export function inflateTrace(bytes: Uint8Array): Uint8Array {
  return inflateTraceWith(gunzip, bytes)
}
