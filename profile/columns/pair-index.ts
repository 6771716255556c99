import { grown, int32 } from './growing-column.ts'

/** Numbers pairs of small whole numbers in order of appearance. */
export class PairIndex {
  length = 0
  #first = int32(256)
  #second = int32(256)
  /** Open addressing: a pair's number plus one; 0 is free. */
  #slots = int32(1024)

  idOf(first: number, second: number): number {
    const mask = this.#slots.length - 1
    let slot = hash(first, second) & mask
    for (let id = this.#slots[slot]; id !== 0; id = this.#slots[slot]) {
      if (this.#first[id - 1] === first && this.#second[id - 1] === second) return id - 1
      slot = (slot + 1) & mask
    }
    if (this.length === this.#first.length) {
      this.#first = grown(this.#first, int32)
      this.#second = grown(this.#second, int32)
    }
    this.#first[this.length] = first
    this.#second[this.length] = second
    this.#slots[slot] = ++this.length
    if (this.length * 2 > this.#slots.length) this.#rehash()
    return this.length - 1
  }

  /** The pairs, as two columns. */
  finish(): { readonly first: Int32Array; readonly second: Int32Array } {
    return {
      first: this.#first.subarray(0, this.length),
      second: this.#second.subarray(0, this.length),
    }
  }

  #rehash(): void {
    this.#slots = int32(this.#slots.length * 2)
    const mask = this.#slots.length - 1
    for (let id = 0; id < this.length; id++) {
      let slot = hash(this.#first[id], this.#second[id]) & mask
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
      this.#slots[slot] = id + 1
    }
  }
}

function hash(first: number, second: number): number {
  const mixed = Math.imul(first + 1, 0x9e3779b1) ^ Math.imul(second + 1, 0x85ebca6b)
  return mixed ^ (mixed >>> 15)
}
