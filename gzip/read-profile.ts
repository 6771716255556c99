import {
  decodeFolded,
  decodeLegacy,
  decodeParts,
  type DecodeOptions,
  decodeProfile,
  decodeSpeedscope,
  decodeTextDump,
  explainBytes,
  hasMemoryMap,
  type Profile,
  ProfileFormatError,
  type ProfileMerger,
  type ProfileWarning,
  releaseBytes,
  withMapping,
} from '../profile/index.ts'

/**
 * Inflates gzip with all its members. Throws a ProfileFormatError with one of the reasons `gzip_truncated`,
 * `gzip_checksum`, `gzip_trailing_data`, `gzip_corrupt` or `inflated_bytes`. Zero bytes behind the last member end it.
 */
export type Gunzip = (bytes: Uint8Array, options: GunzipOptions) => Inflated

export interface GunzipOptions {
  readonly inflatedBytesMax: number
  /** The bytes are only the beginning: their end is no error. */
  readonly isPrefix: boolean
}

export interface Inflated {
  readonly bytes: Uint8Array
  /** How many bytes of the input were used; the rest is zeros. */
  readonly readBytes: number
}

export interface InflateOptions {
  /** How large a profile may be once inflated. */
  readonly inflatedBytesMax?: number
  /** How many times larger than the input, once it is larger than RATIO_FREE_BYTES. */
  readonly ratioMax?: number
  /**
   * Refuse, as pprof does, what gets through otherwise with a warning: zeros behind gzip, gzip in gzip; and skip what
   * pprof skips: fields with number 0.
   */
  readonly isAsPprof?: boolean
}

export interface ReadOptions extends InflateOptions, Omit<DecodeOptions, 'isFieldZeroSkipped'> {
  /** Read Go's text dumps as pprof does, which takes their names for comments. */
  readonly losesDumpNames?: boolean
}

/** Profiles compress 3 to 10 times; below this size the ratio does not matter. */
const RATIO_FREE_BYTES = 16 * 1024 * 1024
const DEFAULT_RATIO_MAX = 100
const DEFAULT_INFLATED_BYTES_MAX = 512 * 1024 * 1024

/** Inflates, or answers the bytes themselves when they are not gzip. */
export function inflateProfile(
  bytes: Uint8Array,
  gunzip: Gunzip,
  options: InflateOptions = {},
): { readonly bytes: Uint8Array; readonly warnings: readonly ProfileWarning[] } {
  const { inflatedBytesMax = DEFAULT_INFLATED_BYTES_MAX } = options
  const warnings: ProfileWarning[] = []
  let inflated = bytes
  for (let layer = 0; isGzip(inflated); layer++) {
    const refusesLayer = options.isAsPprof === true ? layer === 1 : layer === 2
    if (refusesLayer) {
      throw new ProfileFormatError('double_gzip', 'the bytes are gzip inside gzip')
    }
    if (layer === 1) {
      warnings.push({ code: 'double_gzip', text: 'The profile was compressed twice.' })
    }
    inflated = inflateLayer(inflated, gunzip, options, warnings)
  }
  if (inflated.length > inflatedBytesMax) refuseSize(inflatedBytesMax)
  return { bytes: inflated, warnings }
}

/** Inflates and decodes, also Go's text dumps, folded stacks and speedscope files; the warnings are joined. */
export function readProfileWith(
  gunzip: Gunzip,
  bytes: Uint8Array,
  options: ReadOptions = {},
): Profile {
  const { bytes: inflated, warnings } = inflateProfile(bytes, gunzip, options)
  const isFieldZeroSkipped = options.isAsPprof ?? false
  const profile = orText(inflated, options, () =>
    decodeProfile(inflated, { ...options, isFieldZeroSkipped }),
  )
  if (inflated !== bytes) releaseBytes(inflated)
  return { ...profile, warnings: [...warnings, ...profile.warnings] }
}

/**
 * Reads a file as `readProfileWith` does and adds it to what is being merged. Throws a ProfileFormatError, and adds
 * nothing, where the file cannot be read or is not of the same types.
 */
export function mergeProfileWith(
  gunzip: Gunzip,
  merger: ProfileMerger,
  bytes: Uint8Array,
  options: ReadOptions = {},
): void {
  const { bytes: inflated, warnings } = inflateProfile(bytes, gunzip, options)
  const isFieldZeroSkipped = options.isAsPprof ?? false
  const read = orText(inflated, options, () =>
    decodeParts(inflated, { ...options, isFieldZeroSkipped }, merger.stackList),
  )
  if (!('header' in read)) {
    merger.add(withMapping({ ...read, warnings: [...warnings, ...read.warnings] }))
    return
  }
  const header = { ...read.header, warnings: [...warnings, ...read.header.warnings] }
  merger.addParts({ ...read, header, tables: withMapping(read.tables) })
}

/** What `decode` makes of the bytes, or the profile that they are as a text. */
function orText<T>(bytes: Uint8Array, options: ReadOptions, decode: () => T): T | Profile {
  try {
    return decode()
  } catch (error) {
    const read = decodeText(bytes, options)
    if (read !== null) return read
    throw explainBytes(bytes) ?? error
  }
}

/** Null where the bytes are none of the other formats that hold profiles. */
function decodeText(bytes: Uint8Array, options: ReadOptions): Profile | null {
  // Go's own dumps have names where the old formats have a map of the memory.
  if (hasMemoryMap(bytes)) return decodeLegacy(bytes, options)
  const nameless = options.losesDumpNames === true ? decodeLegacy(bytes, options) : null
  return (
    nameless ??
    decodeTextDump(bytes, options) ??
    // Its one line is longer than any of the old formats has.
    decodeSpeedscope(bytes, options) ??
    decodeLegacy(bytes, options) ??
    decodeFolded(bytes, options)
  )
}

function inflateLayer(
  bytes: Uint8Array,
  gunzip: Gunzip,
  options: InflateOptions,
  warnings: ProfileWarning[],
): Uint8Array {
  const { ratioMax = DEFAULT_RATIO_MAX, inflatedBytesMax = DEFAULT_INFLATED_BYTES_MAX } = options
  refuseBomb(bytes, gunzip, ratioMax)
  const inflated = gunzip(bytes, {
    inflatedBytesMax: Math.min(
      inflatedBytesMax,
      Math.max(RATIO_FREE_BYTES, bytes.length * ratioMax),
    ),
    isPrefix: false,
  })
  if (inflated.readBytes < bytes.length) {
    const count = bytes.length - inflated.readBytes
    const text = `${count} bytes of padding follow the compressed profile.`
    if (options.isAsPprof === true) throw new ProfileFormatError('gzip_trailing_data', text)
    warnings.push({ code: 'gzip_padding', text })
  }
  return inflated.bytes
}

/** A bomb of any size is seen by its beginning, so no more than RATIO_FREE_BYTES of it are ever inflated. */
function refuseBomb(bytes: Uint8Array, gunzip: Gunzip, ratioMax: number): void {
  const prefixBytes = Math.ceil(RATIO_FREE_BYTES / ratioMax)
  if (bytes.length <= prefixBytes) return
  const prefix = bytes.subarray(0, prefixBytes)
  gunzip(prefix, { inflatedBytesMax: RATIO_FREE_BYTES, isPrefix: true })
}

export function refuseSize(inflatedBytesMax: number): never {
  throw new ProfileFormatError(
    'inflated_bytes',
    `the profile inflates to more than ${inflatedBytesMax} bytes`,
  )
}

export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b
}
