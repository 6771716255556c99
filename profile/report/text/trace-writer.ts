import { NONE, type StackTable } from '../../types.ts'

export interface Trace {
  /** What comes before the stack. */
  readonly head: Uint8Array
  /** What the first line begins with, in place of its indent. */
  readonly value: Uint8Array
  readonly leaf: number
}

const CHUNK_BYTES = 4 * 1024 * 1024
const INDENT_BYTES = 10

/**
 * Writes stacks as lines, leaf first. Most of a stack was written before, below another leaf: what is still in the
 * buffer is copied as a whole, which makes it ten times faster than putting lines together.
 */
export class TraceWriter {
  readonly #stacks: StackTable
  readonly #lines: readonly (Uint8Array | null)[]
  readonly #write: (chunk: Uint8Array) => void
  #buffer = new Uint8Array(CHUNK_BYTES)
  #length = 0
  /** How many bytes the lines from each stack up to its root take. */
  readonly #sizeBytes: Uint32Array
  /** Where in the buffer these lines begin, plus one, and in which chunk. */
  readonly #position: Int32Array
  readonly #chunkOf: Int32Array
  #chunk = 1

  constructor(
    stacks: StackTable,
    lines: readonly (Uint8Array | null)[],
    write: (chunk: Uint8Array) => void,
  ) {
    this.#stacks = stacks
    this.#lines = lines
    this.#write = write
    this.#sizeBytes = new Uint32Array(stacks.length)
    this.#position = new Int32Array(stacks.length)
    this.#chunkOf = new Int32Array(stacks.length)
    for (let stack = 0; stack < stacks.length; stack++) {
      const caller = stacks.parent[stack]
      const above = caller === NONE ? 0 : this.#sizeBytes[caller]
      this.#sizeBytes[stack] = above + (lines[stacks.frame[stack]]?.length ?? 0)
    }
  }

  /** A stack without lines is left out. */
  add({ head, value, leaf }: Trace): void {
    const { parent, frame } = this.#stacks
    let stack = leaf
    while (stack !== NONE && this.#lines[frame[stack]] === null) stack = parent[stack]
    const line = stack === NONE ? null : this.#lines[frame[stack]]
    if (line === null) return
    this.#makeRoom(head.length + value.length + this.#sizeBytes[stack])
    this.#append(head)
    this.#append(value)
    this.#append(line.subarray(INDENT_BYTES))
    this.#appendCallers(parent[stack])
  }

  /** Writes what is left. */
  finish(): void {
    if (this.#length > 0) this.#write(this.#buffer.subarray(0, this.#length))
    this.#length = 0
    this.#chunk++
  }

  #appendCallers(first: number): void {
    const { parent, frame } = this.#stacks
    for (let stack = first; stack !== NONE; stack = parent[stack]) {
      if (this.#chunkOf[stack] === this.#chunk) {
        const start = this.#position[stack]
        const sizeBytes = this.#sizeBytes[stack]
        this.#buffer.copyWithin(this.#length, start, start + sizeBytes)
        this.#length += sizeBytes
        return
      }
      this.#chunkOf[stack] = this.#chunk
      this.#position[stack] = this.#length
      const line = this.#lines[frame[stack]]
      if (line !== null) this.#append(line)
    }
  }

  #append(bytes: Uint8Array): void {
    this.#buffer.set(bytes, this.#length)
    this.#length += bytes.length
  }

  #makeRoom(sizeBytes: number): void {
    if (this.#length + sizeBytes <= this.#buffer.length) return
    this.finish()
    if (sizeBytes > this.#buffer.length) this.#buffer = new Uint8Array(2 * sizeBytes)
  }
}
