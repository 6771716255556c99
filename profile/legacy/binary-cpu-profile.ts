import { CPU_FRAMES } from './legacy-frames.ts'
import { finishDraft, LegacyPlaces, type LegacySample, locationsOf } from './legacy-draft.ts'
import { LegacyLines } from './legacy-lines.ts'
import { nameJavaLocations } from './java-profile.ts'
import { readMemoryMap } from './memory-map.ts'
import type { Profile } from '../types.ts'
import { decodeUtf8Lenient } from '../columns/utf8.ts'

/** How words are written: their size in bytes, and whether the lowest byte comes first. */
interface WordForm {
  readonly sizeBytes: 4 | 8
  readonly isLittle: boolean
}

const FORMS: readonly WordForm[] = [4, 8].flatMap((sizeBytes) =>
  [true, false].map((isLittle) => ({ sizeBytes: sizeBytes === 4 ? 4 : 8, isLittle })),
)
const HEADER_WORDS = 5

/**
 * The CPU profile of gperftools, and of the Java agent made like it: words 0, 3, 0 (Java: 1), the period in
 * microseconds, 0; then samples, each a count, a depth and that many addresses; then text with the memory map, or with
 * Java's names. https://gperftools.github.io/gperftools/cpuprofile-fileformat.html. Null for other bytes.
 */
export function decodeBinaryCpu(bytes: Uint8Array): Profile | null {
  for (const form of FORMS) {
    const words = new WordReader(bytes, form)
    const [zero, three, isJava, periodUs, padding] = Array.from({ length: HEADER_WORDS }, () =>
      words.next(),
    )
    const isHeader =
      !words.isOver &&
      zero === 0n &&
      three === 3n &&
      isJava <= 1n &&
      periodUs > 0n &&
      padding === 0n
    if (isHeader) return readProfile(words, isJava === 1n, BigInt.asIntN(64, periodUs * 1000n))
  }
  return null
}

function readProfile(words: WordReader, isJava: boolean, period: bigint): Profile | null {
  const places = new LegacyPlaces()
  const samples = readSamples(words, places, { period, isJava })
  if (samples === null) return null
  const lines = new LegacyLines(words.text())
  const header = {
    sampleTypes: [
      { type: 'samples', unit: 'count' },
      { type: 'cpu', unit: 'nanoseconds' },
    ],
    periodType: { type: 'cpu', unit: 'nanoseconds' },
    period,
    durationNs: 0n,
    ...CPU_FRAMES,
  }
  if (isJava) {
    nameJavaLocations(lines, places)
    const locations = locationsOf(samples)
    return finishDraft({ ...header, samples, locations, mappings: [], hasAddresses: false })
  }
  dropHandlerFrames(samples)
  const locations = locationsOf(samples)
  dropDoubledLeaves(samples)
  const mappings = readMemoryMap(lines)
  return finishDraft({ ...header, samples, locations, mappings, hasAddresses: true })
}

/** Null where a depth is beyond the end. */
function readSamples(
  words: WordReader,
  places: LegacyPlaces,
  { period, isJava }: { readonly period: bigint; readonly isJava: boolean },
): LegacySample[] | null {
  const samples: LegacySample[] = []
  while (!words.isAtEnd) {
    const count = words.next()
    const depth = words.next()
    if (words.isOver || depth > BigInt(Math.trunc(words.restBytes / 4))) return null
    const addresses = Array.from({ length: Number(depth) }, () => words.next())
    if (count === 0n && depth === 1n && addresses[0] === 0n) break
    // Addresses of callers are return addresses, except Java's.
    const locations = addresses.map((address, index) =>
      places.at(isJava || index === 0 ? address : BigInt.asUintN(64, address - 1n)),
    )
    samples.push({ locations, values: [count, count * period], blockBytes: null })
  }
  return samples
}

/** The frames that the signal's handler may leave behind every leaf. */
const HANDLER_FRAMES_MAX = 2
/** One sample in so many may have another frame there. */
const SIMILAR_SAMPLES = 32

/** Drops the frame behind the leaf where nearly all samples have the same one: it is of the measurement. */
function dropHandlerFrames(samples: readonly LegacySample[]): void {
  const margin = Math.trunc(samples.length / SIMILAR_SAMPLES)
  for (let round = 0; round < HANDLER_FRAMES_MAX; round++) {
    const counts = new Map<bigint, number>()
    for (const { locations } of samples) {
      if (locations.length > 1) {
        const { address } = locations[1]
        counts.set(address, (counts.get(address) ?? 0) + 1)
      }
    }
    const [frame] = [...counts].find(([, count]) => count >= samples.length - margin) ?? []
    if (frame === undefined) return
    for (const { locations } of samples) {
      if (locations.length > 1 && locations[1].address === frame) locations.splice(1, 1)
    }
  }
}

/** The leaf may be there twice, of the signal and of the stack, where it is taken for a caller. */
export function dropDoubledLeaves(samples: readonly LegacySample[]): void {
  for (const { locations } of samples) {
    const isDoubled =
      locations.length > 1 && locations[0].address === BigInt.asUintN(64, locations[1].address + 1n)
    if (isDoubled) locations.splice(1, 1)
  }
}

class WordReader {
  /** Whether a word was asked for that is not there whole; it reads as 0. */
  isOver = false
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #form: WordForm
  #offset = 0

  constructor(bytes: Uint8Array, form: WordForm) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#form = form
  }

  get restBytes(): number {
    return this.#bytes.length - this.#offset
  }

  get isAtEnd(): boolean {
    return this.isOver || this.restBytes === 0
  }

  next(): bigint {
    const { sizeBytes, isLittle } = this.#form
    if (this.isOver || this.restBytes < sizeBytes) {
      this.isOver = true
      return 0n
    }
    const at = this.#offset
    this.#offset += sizeBytes
    if (sizeBytes === 8) return this.#view.getBigUint64(at, isLittle)
    return BigInt(this.#view.getUint32(at, isLittle))
  }

  /** What follows the words. */
  text(): string {
    return this.isOver ? '' : decodeUtf8Lenient(this.#bytes, this.#offset, this.#bytes.length)
  }
}
