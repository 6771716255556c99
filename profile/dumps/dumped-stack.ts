import type { LineDraft, ProfileBuilder } from '../columns/profile-builder.ts'
import type { LocationIndex } from '../types.ts'

const PLACE = /^(.*):(\d+)(?: \+0x[0-9a-f]+)?(?: fp=\S+ sp=\S+ pc=\S+)?$/
/** `...additional frames elided...`, C's functions, and a goroutine that another thread runs. */
const FRAMELESS = /^(?:\.\.\.|non-Go function|pc=0x|goroutine running on other thread)/

/** The frames of one goroutine, which a dump lists leaf first: a line for the call and one for its place. */
export class DumpedStack {
  readonly #builder: ProfileBuilder
  readonly #locations: LocationIndex[] = []
  /** Lines of the functions inlined into the one that is read next, innermost first. */
  #inlined: LineDraft[] = []
  #name = ''
  #isInlined = false

  constructor(builder: ProfileBuilder) {
    this.#builder = builder
  }

  /** Whether a call was read, but not yet where it is. */
  get isPlaceMissing(): boolean {
    return this.#name !== ''
  }

  /**
   * False if the line is not part of a stack. Calls and places are distinguished by how they end, because the tab in
   * front of a place is lost when a dump is pasted.
   */
  readLine(line: string): boolean {
    const text = line.trim()
    if (FRAMELESS.test(text)) return true
    return text.endsWith(')') ? this.#readCall(text) : this.#readPlace(text)
  }

  /** The last call is followed by the creator of the goroutine and its place, which are not frames of the stack. */
  endCalls(): void {
    this.#name = ''
  }

  /** Root first. */
  locations(): LocationIndex[] {
    if (this.#inlined.length > 0) this.#close()
    return this.#locations.reverse()
  }

  /** `sync.(*Mutex).Lock(0x1, {0x2, 0x3})`; `(...)` where it was inlined into the next one. */
  #readCall(text: string): boolean {
    const open = openOfArguments(text)
    const name = text.slice(0, open)
    if (name === '' || /\s/.test(name)) return false
    this.#name = name
    this.#isInlined = text.slice(open) === '(...)'
    return true
  }

  /** `/usr/local/go/src/sync/mutex.go:46 +0x1f` */
  #readPlace(text: string): boolean {
    const match = PLACE.exec(text)
    if (match === null) return false
    if (this.#name === '') return true
    const func = this.#builder.func({ name: this.#name, file: match[1] })
    this.#inlined.push({ func, line: Number(match[2]) })
    this.#name = ''
    if (!this.#isInlined) this.#close()
    return true
  }

  #close(): void {
    this.#locations.push(this.#builder.location({ lines: this.#inlined.reverse() }))
    this.#inlined = []
  }
}

/** Where the last balanced group of parentheses begins. */
function openOfArguments(text: string): number {
  let depth = 0
  for (let index = text.length - 1; index >= 0; index--) {
    if (text[index] === ')') depth++
    else if (text[index] === '(' && --depth === 0) return index
  }
  return text.length
}
