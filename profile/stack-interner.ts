import { doubled, int32, uint32 } from './growing-column.ts'
import type { LocationIndex, StackIndex, StackTable } from './types.ts'

/**
 * Builds a StackTable: equal paths from a root become one stack. `frameStart` is the column of the LocationTable, or
 * the list that is still growing into it.
 */
export class StackInterner {
  length = 0
  #parent: Int32Array<ArrayBuffer>
  #frame: Uint32Array<ArrayBuffer>
  /** Open addressing: the stack of a location's outermost frame, plus one; 0 is free. */
  #slots: Int32Array
  #slotsUsed = 0
  readonly #one = uint32(1)
  readonly #frameStart: ArrayLike<number>

  constructor(frameStart: ArrayLike<number>, sizeHint: number) {
    this.#frameStart = frameStart
    const size = Math.max(64, sizeHint)
    this.#parent = int32(size)
    this.#frame = uint32(size)
    this.#slots = int32(2 ** Math.ceil(Math.log2(size * 2)))
  }

  /** The stack that `location`, called from `parent` (or NONE), ends at. */
  child(parent: StackIndex, location: LocationIndex): StackIndex {
    this.#one[0] = location
    return this.path(parent, this.#one, 1)
  }

  /**
   * The stack that the first `count` rows of `locations`, leaf first, called from `parent`, end at. One loop without
   * calls for what is known already: decoding spends most of its time here.
   */
  path(parent: StackIndex, locations: ArrayLike<LocationIndex>, count: number): StackIndex {
    const frameStart = this.#frameStart
    let slots = this.#slots
    let parents = this.#parent
    let frames = this.#frame
    let mask = slots.length - 1
    let stack = parent
    for (let index = count - 1; index >= 0; index--) {
      const location = locations[index]
      const start = frameStart[location]
      const frameCount = frameStart[location + 1] - start
      // The first child of a stack usually lies right behind it.
      const next = stack + 1
      if (next < this.length && frames[next] === start && parents[next] === stack) {
        stack = next + frameCount - 1
        continue
      }
      // `hash`, in place.
      const sum = Math.imul(stack + 1, 0x9e3779b1) ^ Math.imul(start + 1, 0x85ebca6b)
      const mixed = Math.imul(sum ^ (sum >>> 15), 0x2c1b3c6d)
      let slot = (mixed ^ (mixed >>> 13)) & mask
      // A location's frames are made together, so its first frame under this parent stands for all of them.
      let found = slots[slot]
      while (found !== 0 && (frames[found - 1] !== start || parents[found - 1] !== stack)) {
        slot = (slot + 1) & mask
        found = slots[slot]
      }
      if (found !== 0) {
        stack = found + frameCount - 2
        continue
      }
      stack = this.#add(slot, stack, start, frameCount)
      slots = this.#slots
      parents = this.#parent
      frames = this.#frame
      mask = slots.length - 1
    }
    return stack
  }

  /** The table. The interner is not used afterwards. */
  finish(): StackTable {
    return {
      length: this.length,
      parent: this.#parent.slice(0, this.length),
      frame: this.#frame.slice(0, this.length),
    }
  }

  #add(slot: number, parent: StackIndex, start: number, frameCount: number): StackIndex {
    while (this.length + frameCount > this.#parent.length) {
      this.#parent = doubled(this.#parent, int32)
      this.#frame = doubled(this.#frame, uint32)
    }
    this.#slots[slot] = this.length + 1
    for (let index = 0; index < frameCount; index++) {
      this.#parent[this.length] = index === 0 ? parent : this.length - 1
      this.#frame[this.length++] = start + index
    }
    if (++this.#slotsUsed * 2 > this.#slots.length) this.#rehash()
    return this.length - 1
  }

  #rehash(): void {
    const old = this.#slots
    const slots = int32(old.length * 2)
    const mask = slots.length - 1
    for (let index = 0; index < old.length; index++) {
      const stack = old[index]
      if (stack === 0) continue
      let slot = hash(this.#parent[stack - 1], this.#frame[stack - 1]) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = stack
    }
    this.#slots = slots
  }
}

function hash(parent: number, frame: number): number {
  const sum = Math.imul(parent + 1, 0x9e3779b1) ^ Math.imul(frame + 1, 0x85ebca6b)
  const mixed = Math.imul(sum ^ (sum >>> 15), 0x2c1b3c6d)
  return mixed ^ (mixed >>> 13)
}
