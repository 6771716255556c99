const RETURN = 0x0d
const FEED = 0x0a

/**
 * The bytes as they were before something turned each LF into CRLF. Null where that did not happen: where no LF follows
 * a CR, or one does not.
 */
export function withoutAddedReturns(bytes: Uint8Array): Uint8Array | null {
  const feeds = countReturnedFeeds(bytes)
  if (feeds === 0) return null
  const repaired = new Uint8Array(bytes.length - feeds)
  let length = 0
  for (const [index, byte] of bytes.entries()) {
    if (byte !== RETURN || bytes[index + 1] !== FEED) repaired[length++] = byte
  }
  return repaired
}

/** 0 where one of them stands without. */
function countReturnedFeeds(bytes: Uint8Array): number {
  let count = 0
  for (let at = bytes.indexOf(FEED); at !== -1; at = bytes.indexOf(FEED, at + 1)) {
    if (at === 0 || bytes[at - 1] !== RETURN) return 0
    count++
  }
  return count
}

/** The bytes that UTF-8 text stands for where each of its letters is one byte; null where one is more. */
export function bytesOfLatin1(bytes: Uint8Array): Uint8Array | null {
  const plain = new Uint8Array(bytes.length)
  let length = 0
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0
    const next = bytes[index + 1] ?? 0
    if (byte < 0x80) plain[length++] = byte
    else if ((byte === 0xc2 || byte === 0xc3) && next >> 6 === 2) {
      plain[length++] = ((byte & 3) << 6) | (next & 0x3f)
      index++
    } else return null
  }
  return plain.subarray(0, length)
}
