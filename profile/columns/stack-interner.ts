import { grown, int32, release, uint32 } from './growing-column.ts'
import { type LocationIndex, NONE, type StackIndex, type StackTable } from '../types.ts'

/** A row of a StackInterner: a call path whose last step is a location. */
export type PathIndex = number

/**
 * Builds a StackTable: equal paths from a root become one. It works with whole locations and takes them apart into
 * frames at the end. `frameStart` is the column of the LocationTable, or the list that is still growing into it.
 */
export class StackInterner {
  /** How many stacks the table has by now. */
  stackCount = 0
  #length = 0
  #parent: Int32Array<ArrayBuffer>
  /** Plus one: 0 in rows not yet used, so that a look at the row behind the last needs no check. */
  #location: Int32Array<ArrayBuffer>
  /** Open addressing: the path, plus one; 0 is free. */
  #slots: Int32Array
  readonly #one = uint32(1)
  readonly #frameStart: ArrayLike<number>

  constructor(frameStart: ArrayLike<number>, sizeHint: number) {
    this.#frameStart = frameStart
    const size = Math.max(64, sizeHint)
    this.#parent = int32(size)
    this.#location = int32(size)
    this.#slots = int32(2 ** Math.ceil(Math.log2(size * 2)))
  }

  /** The path that `location`, called from `parent` (or NONE), ends. */
  child(parent: PathIndex, location: LocationIndex): PathIndex {
    this.#one[0] = location
    return this.path(parent, this.#one, 1)
  }

  /** The path that the first `count` rows of `locations`, leaf first, called from `parent`, make. */
  path(parent: PathIndex, locations: Uint32Array, count: number): PathIndex {
    let parents = this.#parent
    let known = this.#location
    let path = parent
    for (let index = count - 1; index >= 0; index--) {
      const location = locations[index] + 1
      // The first child lies right behind its parent: four of five steps end here.
      const next = path + 1
      if (known[next] === location && parents[next] === path) {
        path = next
        continue
      }
      path = this.#findOrAdd(path, location)
      parents = this.#parent
      known = this.#location
    }
    return path
  }

  /**
   * The table, and for each of these paths (or NONE) the stack that it ends at. The interner is not used afterwards.
   */
  finish(paths: Int32Array): { readonly stacks: StackTable; readonly stack: Int32Array } {
    const frameStart = this.#frameStart
    const parent = int32(this.stackCount)
    const frame = uint32(this.stackCount)
    // The slots are of no more use, and longer than there are paths.
    const stackOf = this.#slots
    let stack: StackIndex = 0
    for (let path = 0; path < this.#length; path++) {
      const location = this.#location[path] - 1
      const end = frameStart[location + 1]
      let caller = this.#parent[path] === NONE ? NONE : stackOf[this.#parent[path]]
      for (let row = frameStart[location]; row < end; row++) {
        parent[stack] = caller
        frame[stack] = row
        caller = stack++
      }
      stackOf[path] = caller
    }
    const leaves = paths.map((path) => (path === NONE ? NONE : stackOf[path]))
    for (const column of [this.#parent, this.#location, this.#slots]) release(column)
    return { stacks: { length: stack, parent, frame }, stack: leaves }
  }

  /** `location` comes plus one. */
  #findOrAdd(parent: PathIndex, location: number): PathIndex {
    const slots = this.#slots
    const parents = this.#parent
    const known = this.#location
    const mask = slots.length - 1
    let slot = hash(parent, location) & mask
    for (let found = slots[slot]; found !== 0; found = slots[slot]) {
      if (known[found - 1] === location && parents[found - 1] === parent) return found - 1
      slot = (slot + 1) & mask
    }
    const path = this.#length++
    slots[slot] = path + 1
    parents[path] = parent
    known[path] = location
    this.stackCount += this.#frameStart[location] - this.#frameStart[location - 1]
    // One row more than are used: see `#location`.
    if (this.#length + 1 >= parents.length) {
      this.#parent = grown(parents, int32)
      this.#location = grown(known, int32)
    }
    if (this.#length * 2 > slots.length) this.#rehash()
    return path
  }

  #rehash(): void {
    const { length } = this.#slots
    const slots = int32(length < SLOTS_LARGE ? length * 4 : length * 2)
    const mask = slots.length - 1
    for (let path = 0; path < this.#length; path++) {
      let slot = hash(this.#parent[path], this.#location[path]) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = path + 1
    }
    release(this.#slots)
    this.#slots = slots
  }
}

/** Below this many, slots grow fast, so that those left behind add up to little. */
const SLOTS_LARGE = 2 ** 20

function hash(parent: number, location: number): number {
  const sum = Math.imul(parent + 1, 0x9e3779b1) ^ Math.imul(location + 1, 0x85ebca6b)
  const mixed = Math.imul(sum ^ (sum >>> 15), 0x2c1b3c6d)
  return mixed ^ (mixed >>> 13)
}
