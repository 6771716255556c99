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
  /**
   * Each path's parent and location side by side, the location plus one: it is 0 in rows not yet used, so that a look
   * at the row behind the last needs no check.
   */
  #rows: Int32Array<ArrayBuffer>
  /**
   * Open addressing: the path, plus one; 0 is free. A path that lies right behind its parent is found there and takes
   * no slot.
   */
  #slots: Int32Array
  #slotCount = 0
  readonly #frameStart: ArrayLike<number>

  /**
   * `sizeHint` is about how many paths there will be. Each call of `path` takes one slot at most: of what it adds, all
   * but the first path lies right behind its parent. A good hint avoids growing the tables later.
   */
  constructor(frameStart: ArrayLike<number>, sizeHint: number, callCount = 0) {
    this.#frameStart = frameStart
    const size = Math.max(64, sizeHint)
    this.#rows = int32(2 * size)
    this.#slots = int32(2 ** Math.ceil(Math.log2(Math.max(size, callCount * 2))))
  }

  /** The path that `location`, called from `parent` (or NONE), ends. */
  child(parent: PathIndex, location: LocationIndex): PathIndex {
    const rows = this.#rows
    const next = parent + 1
    if (rows[2 * next + 1] === location + 1 && rows[2 * next] === parent) return next
    if (next === this.#length) return this.#add(parent, location + 1)
    return this.#findOrAdd(parent, location + 1)
  }

  /** The path that the first `count` rows of `locations`, leaf first, called from `parent`, make. */
  path(parent: PathIndex, locations: Uint32Array, count: number): PathIndex {
    let rows = this.#rows
    let path = parent
    for (let index = count - 1; index >= 0; index--) {
      const location = locations[index] + 1
      // The first child lies right behind its parent: four of five steps end here.
      const next = path + 1
      if (rows[2 * next + 1] === location && rows[2 * next] === path) {
        path = next
        continue
      }
      // Nothing lies behind the last path, so it has no child yet.
      path = next === this.#length ? this.#add(path, location) : this.#findOrAdd(path, location)
      rows = this.#rows
    }
    return path
  }

  /**
   * The table, and for each of these paths (or NONE) the stack that it ends at. The interner is not used afterwards.
   */
  finish(paths: Int32Array): { readonly stacks: StackTable; readonly stack: Int32Array } {
    const frameStart = this.#frameStart
    const rows = this.#rows
    release(this.#slots)
    const last = this.#length < LARGE_TREE ? this.#lastAsAdded() : this.#lastDepthFirst()
    const parent = int32(this.stackCount)
    const frame = uint32(this.stackCount)
    for (let path = 0; path < this.#length; path++) {
      const location = rows[2 * path + 1]
      const first = frameStart[location - 1]
      const end = frameStart[location]
      let stack: StackIndex = last[path] - (end - first) + 1
      let caller = rows[2 * path] === NONE ? NONE : last[rows[2 * path]]
      for (let row = first; row < end; row++) {
        parent[stack] = caller
        frame[stack] = row
        caller = stack++
      }
    }
    release(rows)
    const leaves = paths.map((path) => (path === NONE ? NONE : last[path]))
    return { stacks: { length: this.stackCount, parent, frame }, stack: leaves }
  }

  /** The stack that each path ends at, where paths stay in order. */
  #lastAsAdded(): Int32Array {
    const last = int32(this.#length)
    let count = 0
    for (let path = 0; path < this.#length; path++) {
      count += this.#frameCount(path)
      last[path] = count - 1
    }
    return last
  }

  /**
   * The stack that each path ends at, where all that is below a path comes right behind it: those who walk down a tree
   * that is larger than the processor's caches then find what they need next to what they had.
   */
  #lastDepthFirst(): Int32Array {
    const rows = this.#rows
    /** At first how many stacks are at and below each path, then where the next one below it goes. */
    const next = int32(this.#length)
    for (let path = this.#length - 1; path >= 0; path--) {
      next[path] += this.#frameCount(path)
      if (rows[2 * path] !== NONE) next[rows[2 * path]] += next[path]
    }
    const last = int32(this.#length)
    let nextRoot = 0
    for (let path = 0; path < this.#length; path++) {
      const parent = rows[2 * path]
      const first = parent === NONE ? nextRoot : next[parent]
      if (parent === NONE) nextRoot += next[path]
      else next[parent] += next[path]
      next[path] = first + this.#frameCount(path)
      last[path] = next[path] - 1
    }
    return last
  }

  #frameCount(path: PathIndex): number {
    const location = this.#rows[2 * path + 1]
    return this.#frameStart[location] - this.#frameStart[location - 1]
  }

  /** `location` comes plus one. */
  #findOrAdd(parent: PathIndex, location: number): PathIndex {
    const rows = this.#rows
    const slots = this.#slots
    const mask = slots.length - 1
    let slot = hash(parent, location) & mask
    for (let found = slots[slot]; found !== 0; found = slots[slot]) {
      const row = 2 * (found - 1)
      if (rows[row] === parent && rows[row + 1] === location) return found - 1
      slot = (slot + 1) & mask
    }
    slots[slot] = this.#length + 1
    const path = this.#add(parent, location)
    if (++this.#slotCount * 2 > slots.length) this.#rehash()
    return path
  }

  /** `location` comes plus one. */
  #add(parent: PathIndex, location: number): PathIndex {
    const path = this.#length++
    // One row more than are used: see `#rows`.
    if (2 * path + 4 > this.#rows.length) this.#rows = grown(this.#rows, int32)
    this.#rows[2 * path] = parent
    this.#rows[2 * path + 1] = location
    this.stackCount += this.#frameStart[location] - this.#frameStart[location - 1]
    return path
  }

  #rehash(): void {
    const { length } = this.#slots
    const rows = this.#rows
    const slots = int32(length < SLOTS_LARGE ? length * 4 : length * 2)
    const mask = slots.length - 1
    for (let path = 0; path < this.#length; path++) {
      const parent = rows[2 * path]
      if (parent + 1 === path) continue
      let slot = hash(parent, rows[2 * path + 1]) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = path + 1
    }
    release(this.#slots)
    this.#slots = slots
  }
}

/** From so many paths on they are put in order. */
const LARGE_TREE = 2 ** 17

/** Below this many, slots grow fast, so that those left behind add up to little. */
const SLOTS_LARGE = 2 ** 20

function hash(parent: number, location: number): number {
  const sum = Math.imul(parent + 1, 0x9e3779b1) ^ Math.imul(location + 1, 0x85ebca6b)
  const mixed = Math.imul(sum ^ (sum >>> 15), 0x2c1b3c6d)
  return mixed ^ (mixed >>> 13)
}
