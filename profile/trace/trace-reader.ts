import { decodeUtf8Lenient } from '../columns/utf8.ts'
import { ProfileFormatError } from '../profile-format-error.ts'

/** Reads the numbers and bytes of a trace. */
export interface TraceReader {
  offsetBytes: number
  readonly endBytes: number
  readonly bytes: Uint8Array
}

export function traceReader(
  bytes: Uint8Array,
  offsetBytes = 0,
  endBytes = bytes.length,
): TraceReader {
  return { bytes, offsetBytes, endBytes }
}

export function traceFault(what: string, offsetBytes: number): ProfileFormatError {
  return new ProfileFormatError('trace', what, offsetBytes)
}

export function readByte(reader: TraceReader): number {
  const byte = reader.offsetBytes < reader.endBytes ? reader.bytes[reader.offsetBytes] : undefined
  if (byte === undefined) throw traceFault('the trace ends within an event', reader.offsetBytes)
  reader.offsetBytes++
  return byte
}

/** Rounds numbers above 2^53: only the ids of threads that do not exist are that large. */
export function readNumber(reader: TraceReader): number {
  let value = 0
  let scale = 1
  for (let count = 0; count < 10; count++) {
    const byte = readByte(reader)
    value += (byte & 0x7f) * scale
    if (byte < 0x80) return value
    scale *= 128
  }
  throw traceFault('a number is longer than ten bytes', reader.offsetBytes)
}

export function readText(reader: TraceReader): string {
  const sizeBytes = readNumber(reader)
  const start = reader.offsetBytes
  if (sizeBytes > reader.endBytes - start) throw traceFault('a string is cut off', start)
  reader.offsetBytes += sizeBytes
  return decodeUtf8Lenient(reader.bytes, start, reader.offsetBytes)
}
