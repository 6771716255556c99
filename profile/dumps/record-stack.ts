import { quotedPairs } from './go-quoted.ts'
import type { LabelDraft, ProfileBuilder } from '../columns/profile-builder.ts'
import type { LocationIndex } from '../types.ts'

interface FrameLine {
  readonly address: bigint
  readonly name: string
  readonly file: string
  readonly line: number
}

/** `#	0x6c5a5f	sync.(*Mutex).Lock+0x1f		sync/mutex.go:46`, in columns of tabs. */
const FRAME_LINE = /^#\s+(0x[0-9a-f]+)\s+(\S.*)\+0x[0-9a-f]+\s+(\S.*):(\d+)$/

/**
 * The stack of a record of `?debug=1`: a line of return addresses, leaf first, and comments that name some of them.
 * Go leaves out the frames of the runtime at the leaf and at the root, so an address without a name among named ones
 * is left out; where nothing is named the addresses are the stack.
 */
export class RecordStack {
  readonly labels: LabelDraft[] = []
  readonly #addresses: readonly bigint[]
  readonly #frames: FrameLine[] = []

  constructor(recordLine: string) {
    const [, addresses = ''] = recordLine.split('@')
    this.#addresses = addresses
      .split(' ')
      .filter((text) => /^0x[0-9a-f]+$/.test(text))
      .map((text) => BigInt.asUintN(64, BigInt(text)))
  }

  readComment(line: string): void {
    const frame = FRAME_LINE.exec(line)
    if (frame !== null) {
      const [, address, name, file, number] = frame
      this.#frames.push({ address: BigInt(address), name, file, line: Number(number) })
    } else if (line.startsWith('# labels:')) {
      this.labels.push(...quotedPairs(line))
    }
  }

  /** Its locations in the profile, root first. */
  locations(builder: ProfileBuilder): LocationIndex[] {
    const locations = this.#frames.length === 0 ? this.#unnamed(builder) : this.#named(builder)
    return locations.reverse()
  }

  #unnamed(builder: ProfileBuilder): LocationIndex[] {
    return this.#addresses
      .filter((address) => address !== 0n)
      .map((address) => builder.location({ address: address - 1n, lines: [] }))
  }

  /** Functions inlined into one another share an address; the text lists the innermost first. */
  #named(builder: ProfileBuilder): LocationIndex[] {
    const locations: LocationIndex[] = []
    for (let start = 0; start < this.#frames.length;) {
      const { address } = this.#frames[start]
      let end = start + 1
      while (end < this.#frames.length && this.#frames[end].address === address) end++
      const lines = this.#frames.slice(start, end).map(({ name, file, line }) => ({
        func: builder.func({ name, file }),
        line,
      }))
      locations.push(builder.location({ address, lines: lines.reverse() }))
      start = end
    }
    return locations
  }
}
