import { doubled, int32, uint32, uint8 } from '../columns/growing-column.ts'
import { decodeUtf8, decodeUtf8Lenient } from '../columns/utf8.ts'
import type { StringIndex } from '../types.ts'

/**
 * Gathers the strings of several profiles: equal texts get one row, in order of first use, and row 0 is `''`. Texts
 * that come as bytes are told apart as bytes, so that each is decoded once however many profiles have it.
 */
export class StringMerger {
  /** How many of the texts given as bytes were not valid UTF-8. */
  invalidCount = 0
  /** By row. */
  readonly texts = ['']
  readonly #rowOfText = new Map([['', 0]])
  /** The bytes of each known text, one after the other. */
  #bytes = uint8(1 << 16)
  #start = uint32(1024)
  #row = int32(1024)
  #isInvalid = uint8(1024)
  #hash = int32(1024)
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

  rowOfBytes(bytes: Uint8Array, start: number, end: number): StringIndex {
    const hash = hashBytes(bytes, start, end)
    const mask = this.#slots.length - 1
    let slot = hash & mask
    for (let known = this.#slots[slot]; known !== 0; known = this.#slots[slot]) {
      if (this.#hash[known - 1] === hash && this.#isKnown(known - 1, bytes, start, end)) {
        this.invalidCount += this.#isInvalid[known - 1]
        return this.#row[known - 1]
      }
      slot = (slot + 1) & mask
    }
    this.#slots[slot] = this.#add(hash, bytes, start, end)
    const row = this.#row[this.#length - 1]
    if (this.#length * 2 > this.#slots.length) this.#rehash()
    return row
  }

  #isKnown(known: number, bytes: Uint8Array, start: number, end: number): boolean {
    const own = this.#bytes
    const ownStart = this.#start[known]
    if (this.#start[known + 1] - ownStart !== end - start) return false
    for (let offset = start, at = ownStart; offset < end; offset++, at++) {
      if (own[at] !== bytes[offset]) return false
    }
    return true
  }

  /** Answers how many texts are known now. */
  #add(hash: number, bytes: Uint8Array, start: number, end: number): number {
    const known = this.#length++
    if (known + 2 > this.#start.length) {
      this.#start = doubled(this.#start, uint32)
      this.#row = doubled(this.#row, int32)
      this.#isInvalid = doubled(this.#isInvalid, uint8)
      this.#hash = doubled(this.#hash, int32)
    }
    const ownStart = this.#start[known]
    const ownEnd = ownStart + end - start
    while (ownEnd > this.#bytes.length) this.#bytes = doubled(this.#bytes, uint8)
    this.#bytes.set(bytes.subarray(start, end), ownStart)
    this.#start[known + 1] = ownEnd
    const text = decodeUtf8(bytes, start, end)
    this.#isInvalid[known] = text === null ? 1 : 0
    this.invalidCount += this.#isInvalid[known]
    this.#row[known] = this.rowOfText(text ?? decodeUtf8Lenient(bytes, start, end))
    this.#hash[known] = hash
    return this.#length
  }

  #rehash(): void {
    this.#slots = int32(this.#slots.length * 2)
    const mask = this.#slots.length - 1
    for (let known = 0; known < this.#length; known++) {
      let slot = this.#hash[known] & mask
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
      this.#slots[slot] = known + 1
    }
  }
}

function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start
  for (let offset = start; offset < end; offset++)
    hash = Math.imul(hash ^ bytes[offset], 0x01000193)
  return hash ^ (hash >>> 15)
}
