import { grown, int32, uint32 } from '../columns/growing-column.ts'
import type { PathIndex, StackInterner } from '../columns/stack-interner.ts'
import { NONE } from '../types.ts'

/**
 * Knows the paths of whole stacks: of profiles of one program most samples are known, and comparing a list with the one
 * that was there takes a fraction of the walk from the root, each step of which looks elsewhere in memory.
 */
export class StackCache {
  readonly #interner: StackInterner
  /** The locations of known stacks, one after the other. */
  #locations = uint32(1 << 14)
  #start = uint32(1024)
  #path = int32(1024)
  #hash = int32(1024)
  #length = 0
  /** Open addressing: a known stack, plus one; 0 is free. */
  #slots = int32(2048)

  constructor(interner: StackInterner) {
    this.#interner = interner
  }

  /** The path from a root that the first `count` rows of `locations`, leaf first, make. */
  path(locations: Uint32Array<ArrayBuffer>, count: number): PathIndex {
    const hash = hashOf(locations, count)
    const mask = this.#slots.length - 1
    let slot = hash & mask
    for (let known = this.#slots[slot]; known !== 0; known = this.#slots[slot]) {
      const isSame = this.#hash[known - 1] === hash && this.#isKnown(known - 1, locations, count)
      if (isSame) return this.#path[known - 1]
      slot = (slot + 1) & mask
    }
    const path = this.#interner.path(NONE, locations, count)
    this.#slots[slot] = this.#add(hash, path, locations, count)
    if (this.#length * 2 > this.#slots.length) this.#rehash()
    return path
  }

  #isKnown(known: number, locations: Uint32Array, count: number): boolean {
    const own = this.#locations
    const start = this.#start[known]
    if (this.#start[known + 1] - start !== count) return false
    for (let index = 0; index < count; index++) {
      if (own[start + index] !== locations[index]) return false
    }
    return true
  }

  /** Answers how many stacks are known now. */
  #add(hash: number, path: PathIndex, locations: Uint32Array, count: number): number {
    const known = this.#length++
    if (known + 2 > this.#start.length) {
      this.#start = grown(this.#start, uint32)
      this.#path = grown(this.#path, int32)
      this.#hash = grown(this.#hash, int32)
    }
    const start = this.#start[known]
    while (start + count > this.#locations.length) {
      this.#locations = grown(this.#locations, uint32)
    }
    for (let index = 0; index < count; index++) this.#locations[start + index] = locations[index]
    this.#start[known + 1] = start + count
    this.#path[known] = path
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

function hashOf(locations: Uint32Array, count: number): number {
  let hash = count
  for (let index = 0; index < count; index++) {
    hash = Math.imul(hash ^ locations[index], 0x9e3779b1)
    hash ^= hash >>> 15
  }
  return hash ^ (hash >>> 16)
}
