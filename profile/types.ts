/**
 * A profile as columns: a few tables of typed arrays. An index is a row number; the aliases below name its table.
 * Columns do not change after the function that builds them returns. `checkProfile` checks the invariants.
 *
 * The wire format behind it is pprof's `profile.proto`: https://github.com/google/pprof/blob/main/proto/profile.proto
 */

export type StringIndex = number
export type MappingIndex = number
export type FuncIndex = number
export type LocationIndex = number
export type FrameIndex = number
export type StackIndex = number
export type LabelSetIndex = number

/** Stands for "none" in columns of MappingIndex, FuncIndex and StackIndex. */
export const NONE = -1

/** What is counted and in which unit, as the file declares it: `{ type: 'cpu', unit: 'nanoseconds' }`. */
export interface ValueType {
  readonly type: string
  readonly unit: string
}

/** One value a sample. `Float64Array` where the sum of absolute values proves exact (below 2^53), else 64 bits. */
export type ValueColumn = Float64Array | BigInt64Array

export interface Profile {
  /** `strings[0] === ''`. Invalid UTF-8 is held as U+FFFD. */
  readonly strings: readonly string[]
  readonly sampleTypes: readonly ValueType[]
  /** `''` when the file names none. */
  readonly defaultSampleType: string
  readonly periodType: ValueType | null
  readonly period: bigint
  /** Nanoseconds since the Unix epoch; `0n` when the file does not say. Never held as a number. */
  readonly timeNs: bigint
  /** `0n` when the file does not say. */
  readonly durationNs: bigint
  readonly comments: readonly string[]
  readonly docUrl: string
  readonly dropFrames: string
  readonly keepFrames: string
  readonly mappings: MappingTable
  readonly funcs: FuncTable
  readonly locations: LocationTable
  readonly frames: FrameTable
  readonly stacks: StackTable
  readonly labelSets: LabelSetTable
  readonly samples: SampleTable
  /** What was odd in the file but could be read: `invalid_utf8`, `gzip_padding`, `double_gzip`, ... */
  readonly warnings: readonly ProfileWarning[]
}

export interface ProfileWarning {
  readonly code: string
  readonly text: string
}

/** The binaries and libraries, in the file's order. Row 0 is the main binary by convention. */
export interface MappingTable {
  readonly length: number
  readonly start: BigUint64Array
  readonly limit: BigUint64Array
  readonly offset: BigUint64Array
  readonly file: Uint32Array // StringIndex
  readonly buildId: Uint32Array // StringIndex
  /** Bits: 1 has_functions, 2 has_filenames, 4 has_line_numbers, 8 has_inline_frames. */
  readonly flags: Uint8Array
}

export interface FuncTable {
  readonly length: number
  readonly name: Uint32Array // StringIndex
  readonly systemName: Uint32Array // StringIndex
  readonly file: Uint32Array // StringIndex
  readonly startLine: Float64Array
}

/** An address in a mapping. It owns the frames `frameStart[i]` up to, not including, `frameStart[i + 1]`; at least one. */
export interface LocationTable {
  readonly length: number
  readonly mapping: Int32Array // MappingIndex or NONE
  readonly address: BigUint64Array
  readonly isFolded: Uint8Array
  readonly frameStart: Uint32Array // FrameIndex; length + 1 rows
}

/**
 * One line of a location. Within a location the outermost caller comes first, so frames read root to leaf; every frame
 * but a location's first was inlined. (profile.proto lists them the other way round.) A location without lines has one
 * frame whose `func` is NONE.
 */
export interface FrameTable {
  readonly length: number
  readonly location: Uint32Array // LocationIndex
  readonly func: Int32Array // FuncIndex or NONE
  readonly line: Float64Array
  readonly column: Float64Array
}

/**
 * The call stacks as one tree: `parent[i] < i`, so one forward loop sees callers before callees. A path from a root
 * holds all frames of each of its locations, one after the other.
 */
export interface StackTable {
  readonly length: number
  readonly parent: Int32Array // StackIndex or NONE
  readonly frame: Uint32Array // FrameIndex
}

/**
 * Sets of labels; row 0 is the empty set. Set `i` owns the labels `labelStart[i]` up to, not including,
 * `labelStart[i + 1]`, in the file's order.
 */
export interface LabelSetTable {
  readonly length: number
  readonly labelStart: Uint32Array // length + 1 rows
  readonly key: Uint32Array // StringIndex, a row per label
  readonly text: Int32Array // StringIndex of a text label, or NONE for a number label
  readonly number: BigInt64Array
  readonly unit: Uint32Array // StringIndex, of number labels
}

/** The samples in the file's order. */
export interface SampleTable {
  readonly length: number
  readonly stack: Int32Array // StackIndex of the leaf, or NONE for an empty stack
  readonly labelSet: Uint32Array // LabelSetIndex
  /** One column per sample type. */
  readonly values: readonly ValueColumn[]
  /**
   * After `repairStacks`: how many frames at the root of this sample's stack are inferred, because Go had cut the
   * stack. `null` before.
   */
  readonly inferredDepth: Uint32Array | null
}

/** A compiled pattern of the user's. Callers compile it with RE2 semantics; `profile/` knows only this much of it. */
export interface Pattern {
  /** True where the pattern is found anywhere in the text. */
  test(text: string): boolean
}
