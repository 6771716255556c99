import { grown, int32, uint8 } from '../columns/growing-column.ts'
import { decodeUtf8, decodeUtf8Lenient } from '../columns/utf8.ts'
import type { StringIndex } from '../types.ts'

/** What is known of a text that came as bytes, side by side so that one look into memory finds it. */
const ENTRY = { hash: 0, start: 1, sizeBytes: 2, row: 3, isInvalid: 4 } as const
const ENTRY_SIZE = 5

/**
 * Gathers the strings of several profiles: equal texts get one row, in order of first use, and row 0 is `''`. Texts
 * that come as bytes are compared as bytes, so that each is decoded once however many profiles have it.
 */
export class StringMerger {
  /** How many of the texts given as bytes were not valid UTF-8. */
  invalidCount = 0
  /** By row. */
  readonly texts = ['']
  readonly #rowOfText = new Map([['', 0]])
  /** The bytes of each known text, one after the other. */
  #bytes = uint8(1 << 16)
  #view = viewOf(this.#bytes)
  #sourceBytes: Uint8Array = uint8(0)
  #source = viewOf(this.#sourceBytes)
  #bytesLength = 0
  #entries = int32(ENTRY_SIZE * 1024)
  #length = 0
  /** Open addressing: a known text, plus one; 0 is free. */
  #slots = int32(2048)

  rowOfText(text: string): StringIndex {
    const known = this.#rowOfText.get(text)
    if (known !== undefined) return known
    const row = this.texts.push(text) - 1
    this.#rowOfText.set(text, row)
    return row
  }

  /** The bytes that the texts given from now on lie in. */
  enter(bytes: Uint8Array): void {
    this.#sourceBytes = bytes
    this.#source = viewOf(bytes)
  }

  rowOfBytes(start: number, end: number): StringIndex {
    const hash = hashBytes(this.#source, start, end)
    const entries = this.#entries
    const mask = this.#slots.length - 1
    let slot = hash & mask
    for (let known = this.#slots[slot]; known !== 0; known = this.#slots[slot]) {
      const at = (known - 1) * ENTRY_SIZE
      const mayBe = entries[at] === hash && entries[at + ENTRY.sizeBytes] === end - start
      if (mayBe && this.#isAt(entries[at + ENTRY.start], start, end)) {
        this.invalidCount += entries[at + ENTRY.isInvalid]
        return entries[at + ENTRY.row]
      }
      slot = (slot + 1) & mask
    }
    this.#slots[slot] = this.#length + 1
    const row = this.#add(hash, start, end)
    if (this.#length * 2 > this.#slots.length) this.#rehash()
    return row
  }

  #isAt(ownStart: number, start: number, end: number): boolean {
    const source = this.#source
    const own = this.#view
    let at = ownStart
    let offset = start
    for (; offset + 4 <= end; offset += 4, at += 4) {
      if (own.getInt32(at, true) !== source.getInt32(offset, true)) return false
    }
    for (; offset < end; offset++, at++) {
      if (own.getUint8(at) !== source.getUint8(offset)) return false
    }
    return true
  }

  #add(hash: number, start: number, end: number): StringIndex {
    const bytes = this.#sourceBytes
    const at = this.#length++ * ENTRY_SIZE
    if (at + ENTRY_SIZE > this.#entries.length) this.#entries = grown(this.#entries, int32)
    const text = decodeUtf8(bytes, start, end)
    const isInvalid = text === null ? 1 : 0
    const row = this.rowOfText(text ?? decodeUtf8Lenient(bytes, start, end))
    this.invalidCount += isInvalid
    this.#entries[at] = hash
    this.#entries[at + ENTRY.start] = this.#bytesLength
    this.#entries[at + ENTRY.sizeBytes] = end - start
    this.#entries[at + ENTRY.row] = row
    this.#entries[at + ENTRY.isInvalid] = isInvalid
    const ownEnd = this.#bytesLength + end - start
    while (ownEnd > this.#bytes.length) {
      this.#bytes = grown(this.#bytes, uint8)
      this.#view = viewOf(this.#bytes)
    }
    this.#bytes.set(bytes.subarray(start, end), this.#bytesLength)
    this.#bytesLength = ownEnd
    return row
  }

  #rehash(): void {
    this.#slots = int32(this.#slots.length * 2)
    const mask = this.#slots.length - 1
    for (let known = 0; known < this.#length; known++) {
      let slot = this.#entries[known * ENTRY_SIZE] & mask
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
      this.#slots[slot] = known + 1
    }
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}

/** Four bytes at a time: names are long and share their beginnings. */
function hashBytes(bytes: DataView, start: number, end: number): number {
  let hash = end - start
  let offset = start
  for (; offset + 4 <= end; offset += 4) {
    hash = Math.imul(hash ^ bytes.getInt32(offset, true), 0x9e3779b1)
    hash ^= hash >>> 15
  }
  for (; offset < end; offset++) hash = Math.imul(hash ^ bytes.getUint8(offset), 0x01000193)
  return hash ^ (hash >>> 16)
}
