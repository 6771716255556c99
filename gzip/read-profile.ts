import {
  decodeFolded,
  decodeLegacy,
  decodeParts,
  decodePrintedReport,
  type DecodeOptions,
  decodeProfile,
  decodeSpeedscope,
  decodeTextDump,
  explainBytes,
  faultOf,
  hasMemoryMap,
  type Profile,
  ProfileFormatError,
  type ProfileMerger,
  type ProfileWarning,
  releaseBytes,
  withMapping,
} from '../profile/index.ts'
import { withoutAddedReturns } from './damaged-bytes.ts'
import { RETURNS, unwrapBytes, type Unzstd } from './unwrap-bytes.ts'

/**
 * Inflates gzip with all its members. Throws a ProfileFormatError with one of the reasons `gzip_truncated`,
 * `gzip_checksum`, `gzip_trailing_data`, `gzip_corrupt` or `inflated_bytes`. Zero bytes behind the last member end it.
 */
export type Gunzip = (bytes: Uint8Array, options: GunzipOptions) => Inflated

export interface GunzipOptions {
  readonly inflatedBytesMax: number
  /** The bytes are only the beginning: a truncated end is not an error. */
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

/** What inflates, in the place that the code runs in. */
export interface Inflaters {
  readonly gunzip: Gunzip
  readonly unzstd: Unzstd
}

/**
 * Inflates and decodes, also Go's text dumps, folded stacks and speedscope files, and whatever of these lies in zip,
 * base64, UTF-16 or an HTTP answer; the warnings are joined.
 */
export function readProfileWith(
  inflaters: Inflaters,
  bytes: Uint8Array,
  options: ReadOptions = {},
): Profile {
  const isFieldZeroSkipped = options.isAsPprof ?? false
  const decode = (inflated: Uint8Array) =>
    decodeProfile(inflated, { ...options, isFieldZeroSkipped })
  const { read, warnings, inflated } = readLayers({ inflaters, decode, options }, bytes)
  if (inflated !== null) releaseBytes(inflated)
  return { ...read, warnings: [...warnings, ...read.warnings] }
}

/**
 * Reads a file as `readProfileWith` does and adds it to what is being merged. Throws a ProfileFormatError, and adds
 * nothing, where the file cannot be read or is not of the same types.
 */
export function mergeProfileWith(
  inflaters: Inflaters,
  merger: ProfileMerger,
  bytes: Uint8Array,
  options: ReadOptions = {},
): void {
  const isFieldZeroSkipped = options.isAsPprof ?? false
  const decode = (inflated: Uint8Array) =>
    decodeParts(inflated, { ...options, isFieldZeroSkipped }, merger.stackList)
  const { read, warnings, inflated } = readLayers({ inflaters, decode, options }, bytes)
  if (!('header' in read)) {
    merger.add(withMapping({ ...read, warnings: [...warnings, ...read.warnings] }))
    return
  }
  const header = { ...read.header, warnings: [...warnings, ...read.header.warnings] }
  merger.addParts({ ...read, header, tables: withMapping(read.tables) })
  if (inflated !== null) releaseBytes(inflated)
}

/** gzip in base64 in UTF-16 behind HTTP headers is as deep as it was seen, and a bomb ends here. */
const LAYERS_MAX = 6

interface LayerReading<T> {
  readonly inflaters: Inflaters
  readonly decode: (inflated: Uint8Array) => T
  readonly options: ReadOptions
}

interface ReadLayers<T> {
  readonly read: T | Profile
  readonly warnings: readonly ProfileWarning[]
  /** What was decoded, where nobody else has these bytes: to be released when they are read no more. */
  readonly inflated: Uint8Array | null
}

/** What `decode` makes of the bytes, or the profile that they are in another form, or that they wrap. */
function readLayers<T>(
  { inflaters, decode, options }: LayerReading<T>,
  bytes: Uint8Array,
): ReadLayers<T> {
  const warnings: ProfileWarning[] = []
  let layer = bytes
  for (let depth = 1; ; depth++) {
    const isOuter = depth === 1
    // A file in zip is often gzip; pprof does not read zip at all.
    const isAsPprof = isOuter && options.isAsPprof === true
    const inflated = inflateOrRepair(layer, inflaters.gunzip, { ...options, isAsPprof })
    const isOdd = ({ code }: ProfileWarning) => isOuter || code !== 'double_gzip'
    warnings.push(...inflated.warnings.filter(isOdd))
    try {
      const read = decode(inflated.bytes)
      return { read, warnings, inflated: inflated.bytes === layer ? null : inflated.bytes }
    } catch (error) {
      const { unzstd } = inflaters
      const inflatedBytesMax = inflatedLimit(inflated.bytes, options)
      const inner = unwrapBytes(inflated.bytes, { unzstd, inflatedBytesMax })
      const read = inner === null ? decodeText(inflated.bytes, options) : null
      if (read !== null) return { read, warnings, inflated: null }
      if (inner === null || depth === LAYERS_MAX)
        throw explainBytes(inflated.bytes) ?? inContext(error)
      if (inner.warning !== null) warnings.push(inner.warning)
      layer = inner.bytes
    }
  }
}

/** Bytes whose first field makes no sense are most likely no profile at all, which a wire type alone does not say. */
function inContext(error: unknown): unknown {
  if (!(error instanceof ProfileFormatError) || !WIRE_REASONS.has(error.reason)) return error
  const { reason, message, offsetBytes } = error
  if (offsetBytes === null || offsetBytes > 1) return error
  const cause = message.replace(/ \(at byte \d+\)$/, '')
  const text = `the bytes are no profile that can be read; as profile.proto, ${cause}`
  return new ProfileFormatError(reason, text, offsetBytes)
}

const WIRE_REASONS: ReadonlySet<string> = new Set(['wire_type', 'truncated', 'varint'])

/** Inflates; what is damaged alone by carriage returns that something added is repaired, which its checksum proves. */
function inflateOrRepair(
  bytes: Uint8Array,
  gunzip: Gunzip,
  options: InflateOptions,
): ReturnType<typeof inflateProfile> {
  try {
    return inflateProfile(bytes, gunzip, options)
  } catch (error) {
    const repaired = isGzip(bytes) ? withoutAddedReturns(bytes) : null
    if (repaired === null || isTooLarge(error)) throw error
    const { bytes: inflated, warnings } = inflateProfile(repaired, gunzip, options)
    return { bytes: inflated, warnings: [RETURNS, ...warnings] }
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof ProfileFormatError && faultOf(error) === 'too_large'
}

/** Reads the other formats that contain profiles; null for other bytes. */
function decodeText(bytes: Uint8Array, options: ReadOptions): Profile | null {
  // Go's own dumps have names where the old formats have a map of the memory.
  if (hasMemoryMap(bytes)) return decodeLegacy(bytes, options)
  const nameless = options.losesDumpNames === true ? decodeLegacy(bytes, options) : null
  return (
    nameless ??
    decodeTextDump(bytes, options) ??
    // Its one line is longer than any of the old formats has.
    decodeSpeedscope(bytes, options) ??
    decodePrintedReport(bytes, options) ??
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
  refuseBomb(bytes, gunzip, options.ratioMax ?? DEFAULT_RATIO_MAX)
  const inflatedBytesMax = inflatedLimit(bytes, options)
  const inflated = gunzip(bytes, { inflatedBytesMax, isPrefix: false })
  if (inflated.readBytes < bytes.length) {
    const count = bytes.length - inflated.readBytes
    const text = `${count} bytes of padding follow the compressed profile.`
    if (options.isAsPprof === true) throw new ProfileFormatError('gzip_trailing_data', text)
    warnings.push({ code: 'gzip_padding', text })
  }
  return inflated.bytes
}

function inflatedLimit({ length }: Uint8Array, options: InflateOptions): number {
  const { ratioMax = DEFAULT_RATIO_MAX, inflatedBytesMax = DEFAULT_INFLATED_BYTES_MAX } = options
  return Math.min(inflatedBytesMax, Math.max(RATIO_FREE_BYTES, length * ratioMax))
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
