import { gunzipSync, gzipSync } from 'node:zlib'
import type { Random } from '../../../bench/index.ts'

type Change = (bytes: Uint8Array, random: Random) => Uint8Array

const CHANGES: readonly Change[] = [
  function flipBits(bytes, random) {
    const changed = bytes.slice()
    for (let left = 1 + random.below(8); left > 0; left--) {
      const at = random.below(changed.length)
      changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8))
    }
    return changed
  },
  function setBytes(bytes, random) {
    const changed = bytes.slice()
    const values = [0, 1, 0x7f, 0x80, 0xff]
    for (let left = 1 + random.below(4); left > 0; left--) {
      changed[random.below(changed.length)] = values[random.below(values.length)] ?? 0
    }
    return changed
  },
  (bytes, random) => bytes.slice(0, random.below(bytes.length)),
  (bytes, random) => bytes.slice(random.below(bytes.length)),
  function repeatPiece(bytes, random) {
    const start = random.below(bytes.length)
    const piece = bytes.slice(start, start + 1 + random.below(200))
    return Buffer.concat([bytes.slice(0, start), piece, piece, bytes.slice(start)])
  },
  function dropPiece(bytes, random) {
    const start = random.below(bytes.length)
    return Buffer.concat([bytes.slice(0, start), bytes.slice(start + 1 + random.below(50))])
  },
  function insertLongNumber(bytes, random) {
    const at = random.below(bytes.length)
    const number = Uint8Array.from({ length: 1 + random.below(11) }, () => 0x80 | random.below(128))
    return Buffer.concat([bytes.slice(0, at), number, bytes.slice(at)])
  },
]

/** One of the files, changed in one to three ways: in its inflated bytes, in its gzip, or both. */
export function fuzzedInput(files: readonly Uint8Array[], random: Random): Uint8Array {
  const file = files[random.below(files.length)] ?? new Uint8Array(1)
  const place = random.below(10)
  const whole = place === 0 ? null : inflated(file)
  if (whole === null) return changed(file, random)
  const bytes = changed(whole, random)
  return place < 7 ? bytes : gzipSync(bytes, { level: 1 })
}

/** `null` for what is no whole gzip. */
function inflated(file: Uint8Array): Uint8Array | null {
  try {
    return gunzipSync(file)
  } catch {
    return null
  }
}

function changed(bytes: Uint8Array, random: Random): Uint8Array {
  let result = bytes
  for (let left = 1 + random.below(3); left > 0 && result.length > 0; left--) {
    const change = CHANGES[random.below(CHANGES.length)]
    result = change?.(result, random) ?? result
  }
  return result
}
