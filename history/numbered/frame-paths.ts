import type { NumberedPaths } from '../../profile/index.ts'
import type { ListColumn, TextBounds } from './native-columns.ts'

/** Digits are letters from here on: 5 bits, and one more that says whether others follow, the lowest first. */
const FIRST_LETTER = 0x30
const DIGIT = 32

/**
 * The frames of a stack as text: of each number how much it is more than the one before, twice, or twice how much less it is
 * and one off. Frames that call each other are often numbered one after the other, so that a frame takes 1.25 bytes.
 */
export function pathText(frames: Iterable<number>, numberOf: readonly number[]): string {
  const letters: number[] = []
  let before = 0
  for (const frame of frames) {
    const number = numberOf[frame] ?? 0
    const step = number - before
    let rest = step < 0 ? -2 * step - 1 : 2 * step
    for (; rest >= DIGIT; rest = Math.floor(rest / DIGIT)) {
      letters.push(FIRST_LETTER + DIGIT + (rest % DIGIT))
    }
    letters.push(FIRST_LETTER + rest)
    before = number
  }
  return Buffer.from(letters).toString('latin1')
}

/**
 * Stacks as ClickHouse has them, those of earlier versions as lists, the others as texts, each as what it adds to the one
 * before: neighbours begin alike.
 */
export function readPaths(lists: ListColumn, texts: TextBounds): NumberedPaths {
  const reader = new PathReader(lists, texts)
  const length = lists.starts.length - 1
  const kept = new Uint32Array(length)
  const starts = new Uint32Array(length + 1)
  for (let path = 0; path < length; path++) {
    kept[path] = reader.read(path)
    starts[path + 1] = reader.addedCount
  }
  return { kept, starts, numbers: reader.added.subarray(0, reader.addedCount) }
}

/** All numbers that there are, rising. */
export function distinctNumbers(numbers: Uint32Array): readonly number[] {
  let most = 0
  for (let at = 0; at < numbers.length; at++) most = Math.max(most, numbers[at] ?? 0)
  // Numbers are given out one after the other, so that a table by number is small.
  const isMet = new Uint8Array(most + 1)
  for (let at = 0; at < numbers.length; at++) isMet[numbers[at] ?? 0] = 1
  const found: number[] = []
  for (let number = 0; number < isMet.length; number++) {
    if (isMet[number] === 1) found.push(number)
  }
  return found
}

class PathReader {
  /** What paths add to the one before, one behind the other. */
  added: Uint32Array
  addedCount = 0
  readonly #lists: ListColumn
  readonly #texts: TextBounds
  /** The path that was read last, and where the letters of each number end; none behind a list. */
  #path = new Uint32Array(128)
  #ends = new Uint32Array(128)
  #count = 0

  constructor(lists: ListColumn, texts: TextBounds) {
    this.#lists = lists
    this.#texts = texts
    let letterCount = 0
    for (let at = 0; at < texts.bounds.length; at += 2) {
      letterCount += (texts.bounds[at + 1] ?? 0) - (texts.bounds[at] ?? 0)
    }
    // Most letters are of numbers that the path before has.
    this.added = new Uint32Array(lists.values.length + (letterCount >>> 2) + 1)
  }

  /** Answers how many numbers the path is known to begin with as the one before: paths are read in order. */
  read(path: number): number {
    const { bounds } = this.#texts
    const [start = 0, end = 0] = [bounds[2 * path], bounds[2 * path + 1]]
    if (start === end) return this.#readList(path)
    while (this.#path.length < end - start) {
      this.#path = longer(this.#path)
      this.#ends = longer(this.#ends)
    }
    this.#makeRoom(end - start)
    const kept = path === 0 ? 0 : this.#keptOf(bounds[2 * path - 2] ?? 0, start, end)
    this.#readText(kept, start, end)
    return kept
  }

  /** How many numbers a text has in common with the one that was read last, which begins at `before`. */
  #keptOf(before: number, start: number, end: number): number {
    const { bytes } = this.#texts
    const ends = this.#ends
    const count = this.#count
    // Behind a list there is none.
    const most = count === 0 ? 0 : Math.min(end - start, ends[count - 1] ?? 0)
    let same = 0
    while (same < most && bytes[before + same] === bytes[start + same]) same++
    let kept = 0
    while (kept < count && (ends[kept] ?? 0) <= same) kept++
    return kept
  }

  /** Reads what follows the first `kept` numbers. */
  #readText(kept: number, start: number, end: number): void {
    const { bytes } = this.#texts
    const [path, ends, added] = [this.#path, this.#ends, this.added]
    let number = kept === 0 ? 0 : (path[kept - 1] ?? 0)
    let at = kept === 0 ? start : start + (ends[kept - 1] ?? 0)
    let [count, addedCount] = [kept, this.addedCount]
    while (at < end) {
      let digit = (bytes[at++] ?? 0) - FIRST_LETTER
      let step = digit % DIGIT
      for (let factor = DIGIT; digit >= DIGIT && at < end; factor *= DIGIT) {
        digit = (bytes[at++] ?? 0) - FIRST_LETTER
        step += (digit % DIGIT) * factor
      }
      number += step % 2 === 0 ? step / 2 : -(step + 1) / 2
      path[count] = number
      ends[count++] = at - start
      added[addedCount++] = number
    }
    this.#count = count
    this.addedCount = addedCount
  }

  #readList(row: number): number {
    const { starts, values } = this.#lists
    const [start = 0, end = 0] = [starts[row], starts[row + 1]]
    const before = this.#count === 0 && row > 0 ? (starts[row - 1] ?? 0) : start
    const most = Math.min(end - start, start - before)
    let kept = 0
    while (kept < most && values[before + kept] === values[start + kept]) kept++
    this.#makeRoom(end - start)
    const { added } = this
    let { addedCount } = this
    for (let at = start + kept; at < end; at++) added[addedCount++] = values[at] ?? 0
    this.addedCount = addedCount
    this.#count = 0
    return kept
  }

  #makeRoom(count: number): void {
    while (this.added.length < this.addedCount + count) this.added = longer(this.added)
  }
}

function longer(column: Uint32Array): Uint32Array<ArrayBuffer> {
  const result = new Uint32Array(2 * column.length)
  result.set(column)
  return result
}
