/** Declared here because this folder has neither Node nor DOM types; every supported JavaScript engine has it. */
declare const TextDecoder: new (
  label: 'utf-8' | 'utf-16le' | 'utf-16be',
  options: { readonly ignoreBOM: boolean; readonly fatal: boolean },
) => { decode(bytes: Uint8Array): string }
declare const TextEncoder: new () => { encode(text: string): Uint8Array<ArrayBuffer> }

const strict = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true })
const lenient = new TextDecoder('utf-8', { ignoreBOM: true, fatal: false })
const encoder = new TextEncoder()

/** Below this many bytes a loop over ASCII beats the call into the engine's decoder. */
const SHORT_BYTES = 12

/** Text of the bytes, or `null` if they are not valid UTF-8. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string | null {
  if (end - start <= SHORT_BYTES) {
    const text = shortAscii(bytes, start, end)
    if (text !== null) return text
  }
  try {
    return strict.decode(bytes.subarray(start, end))
  } catch {
    return null
  }
}

/** Text of the bytes with U+FFFD for what is not valid UTF-8. */
export function decodeUtf8Lenient(bytes: Uint8Array, start: number, end: number): string {
  return lenient.decode(bytes.subarray(start, end))
}

/** Text of UTF-16 with its byte order mark, or of Latin letters without one; null where the bytes are neither. */
export function decodeUtf16(bytes: Uint8Array): string | null {
  const label = utf16Label(bytes)
  if (label === null) return null
  return new TextDecoder(label, { ignoreBOM: false, fatal: false }).decode(bytes)
}

function utf16Label(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  const start = bytes.subarray(0, 64)
  const isZeroAt = (place: number) =>
    start.length >= 4 && start.every((byte, index) => (byte === 0) === (index % 2 === place))
  if (isZeroAt(1)) return 'utf-16le'
  return isZeroAt(0) ? 'utf-16be' : null
}

/** Begins the colours of a terminal. */
const ESCAPE = 0x1b

/** Whether the first bytes may be of a text: no control characters but blanks and colours. */
export function isTextStart(bytes: Uint8Array): boolean {
  const start = bytes.subarray(0, 64)
  return start.length > 0 && start.every(isOfText)
}

function isOfText(byte: number): boolean {
  return byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === ESCAPE
}

export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text)
}

function shortAscii(bytes: Uint8Array, start: number, end: number): string | null {
  let text = ''
  for (let offset = start; offset < end; offset++) {
    const byte = bytes[offset]
    if (byte >= 0x80) return null
    text += String.fromCharCode(byte)
  }
  return text
}
