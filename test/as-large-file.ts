import { gzipSync } from 'node:zlib'

const FIELD_BYTES = 4 * 1024 * 1024 + 1

/** A field of profile.proto that no version knows, number 1000, as a member of gzip of its own: 4 KB. */
const FIELD = Buffer.alloc(FIELD_BYTES)
FIELD.set([0xc2, 0x3e, ...varint(FIELD_BYTES - 6)])
const MEMBER = gzipSync(FIELD)

/** The profile in a file that is large once inflated, so that the columns of its analysis are stored. */
export function asLargeFile(gzipped: Uint8Array): Buffer {
  return Buffer.concat([gzipped, MEMBER])
}

/** Of four bytes. */
function varint(value: number): readonly number[] {
  return [0, 7, 14, 21].map((shift) => ((value >> shift) & 0x7f) | (shift < 21 ? 0x80 : 0))
}
