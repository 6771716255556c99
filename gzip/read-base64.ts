const LENGTH_MIN = 32
const HEAD_BYTES = 256
const DATA_URL = /^data:[\w./+-]*;base64,/
const OTHER_LETTER = /[^A-Za-z0-9+/_=\-\s]/
/** What gzip, zip, zstd, profile.proto and a goroutine dump begin with. */
const STARTS: readonly (readonly number[])[] = [
  [0x1f, 0x8b],
  [0x50, 0x4b, 3, 4],
  [0x28, 0xb5, 0x2f, 0xfd],
  [0x0a],
  [0x67, 0x6f, 0x72, 0x6f, 0x75, 0x74, 0x69, 0x6e, 0x65, 0x20],
]

/** What a base64 text, of one line or many, or a `data:` URL stands for; null where it is neither, or no profile. */
export function bytesOfBase64(bytes: Uint8Array): Uint8Array | null {
  const latin = new TextDecoder('latin1')
  const head = latin.decode(bytes.subarray(0, HEAD_BYTES))
  const prefix = DATA_URL.exec(head)?.[0] ?? ''
  if (bytes.length < LENGTH_MIN || OTHER_LETTER.test(head.slice(prefix.length))) return null
  const text = latin.decode(bytes.subarray(prefix.length))
  if (OTHER_LETTER.test(text)) return null
  const decoded = decode(text.replaceAll(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/'))
  const isWrapped =
    decoded !== null && STARTS.some((start) => start.every((byte, at) => decoded[at] === byte))
  return isWrapped ? decoded : null
}

function decode(text: string): Uint8Array | null {
  try {
    const binary = atob(text)
    const bytes = new Uint8Array(binary.length)
    for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index)
    return bytes
  } catch {
    return null
  }
}
