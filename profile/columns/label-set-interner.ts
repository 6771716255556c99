import { grown, int32, uint32 } from './growing-column.ts'
import { type LabelSetIndex, type LabelSetTable, NONE, type StringIndex } from '../types.ts'

/** Builds a LabelSetTable: equal sets in equal order become one set. Row 0 is the empty set. */
export class LabelSetInterner {
  #labelStart = uint32(64)
  #length = 1
  #key = uint32(64)
  #text = int32(64)
  /** Two rows a label: the lower and the upper half of the number. */
  #number = uint32(128)
  #unit = uint32(64)
  #labelCount = 0
  /** Labels added since the last `finishSet`; they lie behind `#labelCount`. */
  #pendingCount = 0
  #slots = int32(64)

  addText(key: StringIndex, text: StringIndex): void {
    this.#add(key, text, 0, 0, 0)
  }

  /** A number label; the number comes as two unsigned halves. */
  addNumber(key: StringIndex, lo: number, hi: number, unit: StringIndex): void {
    this.#add(key, NONE, lo, hi, unit)
  }

  /** The set of the labels added since the last call. */
  finishSet(): LabelSetIndex {
    const count = this.#pendingCount
    this.#pendingCount = 0
    if (count === 0) return 0
    const mask = this.#slots.length - 1
    let slot = this.#hash(this.#labelCount, count) & mask
    for (let set = this.#slots[slot]; set !== 0; set = this.#slots[slot]) {
      if (this.#isSameSet(set, count)) return set
      slot = (slot + 1) & mask
    }
    this.#slots[slot] = this.#length
    this.#labelCount += count
    if (this.#length + 1 >= this.#labelStart.length) {
      this.#labelStart = grown(this.#labelStart, uint32)
    }
    this.#labelStart[++this.#length] = this.#labelCount
    if (this.#length * 2 > this.#slots.length) this.#rehash()
    return this.#length - 1
  }

  finish(): LabelSetTable {
    const count = this.#labelCount
    return {
      length: this.#length,
      labelStart: this.#labelStart.slice(0, this.#length + 1),
      key: this.#key.slice(0, count),
      text: this.#text.slice(0, count),
      number: new BigInt64Array(this.#number.slice(0, count * 2).buffer),
      unit: this.#unit.slice(0, count),
    }
  }

  #add(key: StringIndex, text: number, lo: number, hi: number, unit: StringIndex): void {
    const row = this.#labelCount + this.#pendingCount++
    if (row >= this.#key.length) {
      this.#key = grown(this.#key, uint32)
      this.#text = grown(this.#text, int32)
      this.#number = grown(this.#number, uint32)
      this.#unit = grown(this.#unit, uint32)
    }
    this.#key[row] = key
    this.#text[row] = text
    this.#number[row * 2] = lo
    this.#number[row * 2 + 1] = hi
    this.#unit[row] = unit
  }

  #isSameSet(set: LabelSetIndex, count: number): boolean {
    const start = this.#labelStart[set]
    if (this.#labelStart[set + 1] - start !== count) return false
    for (let index = 0; index < count; index++) {
      const a = start + index
      const b = this.#labelCount + index
      if (
        this.#key[a] !== this.#key[b] ||
        this.#text[a] !== this.#text[b] ||
        this.#number[a * 2] !== this.#number[b * 2] ||
        this.#number[a * 2 + 1] !== this.#number[b * 2 + 1] ||
        this.#unit[a] !== this.#unit[b]
      ) {
        return false
      }
    }
    return true
  }

  #hash(start: number, count: number): number {
    let hash = count
    for (let row = start; row < start + count; row++) {
      hash = mix(hash, this.#key[row])
      hash = mix(hash, this.#text[row])
      hash = mix(hash, this.#number[row * 2] ^ this.#number[row * 2 + 1])
      hash = mix(hash, this.#unit[row])
    }
    return hash
  }

  #rehash(): void {
    this.#slots = int32(this.#slots.length * 2)
    const mask = this.#slots.length - 1
    for (let set = 1; set < this.#length; set++) {
      const start = this.#labelStart[set]
      let slot = this.#hash(start, this.#labelStart[set + 1] - start) & mask
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
      this.#slots[slot] = set
    }
  }
}

function mix(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ value, 0x85ebca6b)
  return mixed ^ (mixed >>> 13)
}
