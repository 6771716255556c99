import { ProfileFormatError } from '../profile-format-error.ts'

/** pprof reads these formats line by line, and none that is longer. */
const LINE_LENGTH_MAX = 64 * 1024

/** The lines of a text. Behind the last one `line` is empty. */
export class LegacyLines {
  line = ''
  readonly #text: string
  #next = 0

  constructor(text: string) {
    this.#text = text
  }

  next(): boolean {
    if (this.#next >= this.#text.length) {
      this.line = ''
      return false
    }
    const end = this.#text.indexOf('\n', this.#next)
    const stop = end === -1 ? this.#text.length : end
    const line = this.#text.slice(this.#next, stop)
    this.#next = stop + 1
    if (line.length >= LINE_LENGTH_MAX) malformed(line, 'the line is too long')
    this.line = line.endsWith('\r') ? line.slice(0, -1) : line
    return true
  }
}

export function isSpaceOrComment(line: string): boolean {
  return /^\s*(?:#|$)/.test(line)
}

/** Counts and sizes stand within so many characters. */
const VALUES_LENGTH_MAX = 200

/**
 * The parts of a line of numbers, `@` and addresses. Null for other lines. Patterns are applied to a few characters
 * only, because a hostile line could make them take more than linear time.
 */
export function splitSample(
  line: string,
): { readonly values: string; readonly addresses: string } | null {
  const at = line.indexOf('@')
  if (at === -1 || at > VALUES_LENGTH_MAX) return null
  const [addresses] = /^[ x0-9a-f]*/.exec(line.slice(at + 1)) ?? ['']
  return { values: line.slice(0, at), addresses }
}

/** All hexadecimal numbers of a line. */
export function addressesOf(line: string): bigint[] {
  const numbers = line.match(/0x[0-9a-f]+/g) ?? []
  if (numbers.some((number) => BigInt(number) >= 2n ** 64n)) malformed(line, 'an address is huge')
  return numbers.map((number) => BigInt(number))
}

/** A decimal number of 64 bits. */
export function wholeNumber(text: string, line: string): bigint {
  const value = BigInt(text)
  if (value !== BigInt.asIntN(64, value)) malformed(line, `${text} exceeds 64 bits`)
  return value
}

/** Throws a ProfileFormatError `legacy_malformed`. */
export function malformed(line: string, why: string): never {
  throw new ProfileFormatError('legacy_malformed', `malformed sample: ${line.slice(0, 80)}: ${why}`)
}
