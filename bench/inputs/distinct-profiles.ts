import { gzipSync } from 'node:zlib'

/** So many files that are stored each on its own, though they hold the same samples. */
export function distinctProfiles(profile: Uint8Array, count: number, first = 0): Buffer[] {
  return Array.from({ length: count }, (_, row) =>
    Buffer.concat([profile, gzipSync(unknownField(first + row))]),
  )
}

/** A field that readers of profile.proto skip, as another gzip member: it makes the bytes another profile's. */
function unknownField(value: number): Uint8Array {
  const [low, middle, high] = [
    value % 128,
    Math.floor(value / 128) % 128,
    Math.floor(value / 16_384),
  ]
  return Uint8Array.of(0xa0, 0x06, low + 128, middle + 128, high)
}
