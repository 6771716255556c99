/** The lines of a text, one after the other, without a list of them all: dumps of goroutines reach 64 MiB. */
export class LineReader {
  /** The line last read, without its end. */
  line = ''
  /** Its number, counted from 1. */
  lineNumber = 0
  readonly #text: string
  #next: number

  /** Lines are counted from `start`, where one begins. */
  constructor(text: string, start = 0) {
    this.#text = text
    this.#next = start
  }

  /** Reads a line; returns false at the end of the text. */
  next(): boolean {
    if (this.#next >= this.#text.length) return false
    const end = this.#text.indexOf('\n', this.#next)
    const stop = end === -1 ? this.#text.length : end
    this.line = this.#text.slice(this.#next, stop)
    if (this.line.endsWith('\r')) this.line = this.line.slice(0, -1)
    this.#next = stop + 1
    this.lineNumber++
    return true
  }

  /** Reads to the next line that is neither empty nor a comment; returns false at the end of the text. */
  nextContent(): boolean {
    while (this.next()) {
      const trimmed = this.line.trim()
      if (trimmed !== '' && !isComment(trimmed)) return true
    }
    return false
  }
}

/** Lines that tools write between stacks and that cannot be function names. */
export function isComment(trimmed: string): boolean {
  return trimmed.startsWith('#') || trimmed.startsWith('//')
}
