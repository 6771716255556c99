import { ProfileFormatError } from '../profile/index.ts'

// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3
const LOCAL_FILE = 0x04034b50
const DIRECTORY_ENTRY = 0x02014b50
const DIRECTORY_END = 0x06054b50
const DIRECTORY_END_BYTES = 22
const COMMENT_BYTES_MAX = 0xffff
const STORED = 0
const DEFLATED = 8
const FILES_MAX = 10_000
const FILES_NAMED_MAX = 3

export interface ZipFile {
  readonly name: string
  /** The size of its content as the archive declares it. */
  readonly sizeBytes: number
  readonly isDeflated: boolean
  /** Its content, as a gzip file where it is deflated. Throws a ProfileFormatError `zip`. */
  readonly read: () => Uint8Array
}

export function isZip(bytes: Uint8Array): boolean {
  return bytes.length > 4 && viewOf(bytes).getUint32(0, true) === LOCAL_FILE
}

/** The one file of an archive. Throws a ProfileFormatError `zip` where it has several, or none. */
export function onlyFileInZip(bytes: Uint8Array): ZipFile {
  const files = filesInZip(bytes)
  const [first, ...others] = files
  if (first === undefined) return refuse('holds no file')
  if (others.length === 0) return first
  const names = files.slice(0, FILES_NAMED_MAX).map(({ name }) => name)
  const more = files.length > FILES_NAMED_MAX ? ', ...' : ''
  const hint = 'unpack it, or give it as NAME.zip to kubeprof diagnose, which reads it as a capture'
  return refuse(`holds ${files.length} files (${names.join(', ')}${more}); ${hint}`)
}

/**
 * The files of a zip archive, without folders and what macOS adds. Deflated content becomes a gzip file, which is the
 * same but for its frame, so that it is inflated, limited and checked as any other. Throws a ProfileFormatError `zip`.
 */
export function filesInZip(bytes: Uint8Array): readonly ZipFile[] {
  const view = viewOf(bytes)
  const end = directoryEnd(view)
  const count = view.getUint16(end + 10, true)
  if (count > FILES_MAX) refuse(`holds more than ${FILES_MAX} files`)
  const files: ZipFile[] = []
  let offset = view.getUint32(end + 16, true)
  for (let index = 0; index < count; index++) {
    if (offset + 46 > bytes.length || view.getUint32(offset, true) !== DIRECTORY_ENTRY) {
      refuse('is damaged, or larger than 4 GB')
    }
    const nameBytes = view.getUint16(offset + 28, true)
    const extraBytes = view.getUint16(offset + 30, true)
    const commentBytes = view.getUint16(offset + 32, true)
    const name = new TextDecoder().decode(bytes.subarray(offset + 46, offset + 46 + nameBytes))
    const entry = offset
    if (!isLeftOut(name)) {
      files.push({
        name,
        sizeBytes: view.getUint32(entry + 24, true),
        isDeflated: view.getUint16(entry + 10, true) === DEFLATED,
        read: () => contentOf(bytes, entry, name),
      })
    }
    offset += 46 + nameBytes + extraBytes + commentBytes
  }
  return files
}

function isLeftOut(name: string): boolean {
  return name.endsWith('/') || name.startsWith('__MACOSX/') || name.endsWith('.DS_Store')
}

/** The record at the archive's end holds the offset of the directory; a comment may follow it. */
function directoryEnd(view: DataView): number {
  const last = view.byteLength - DIRECTORY_END_BYTES
  for (let offset = last; offset >= Math.max(0, last - COMMENT_BYTES_MAX); offset--) {
    if (view.getUint32(offset, true) === DIRECTORY_END) return offset
  }
  return refuse('is cut off: its end is missing')
}

function contentOf(bytes: Uint8Array, entry: number, name: string): Uint8Array {
  const view = viewOf(bytes)
  const flags = view.getUint16(entry + 8, true)
  const method = view.getUint16(entry + 10, true)
  const checksum = view.getUint32(entry + 16, true)
  const packedBytes = view.getUint32(entry + 20, true)
  const sizeBytes = view.getUint32(entry + 24, true)
  const local = view.getUint32(entry + 42, true)
  if ((flags & 1) === 1) refuse(`is encrypted; unpack ${name} first`)
  if (method !== STORED && method !== DEFLATED) {
    refuse(`compresses ${name} in a way that is not read (method ${method}); unpack it first`)
  }
  if (local + 30 > bytes.length || view.getUint32(local, true) !== LOCAL_FILE) refuse('is damaged')
  const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
  const packed = bytes.subarray(start, start + packedBytes)
  if (packed.length < packedBytes) refuse('is cut off')
  return method === STORED ? packed : asGzip(packed, checksum, sizeBytes)
}

/** RFC 1952: a header without name and time, what is deflated, its CRC-32 and its size, as zip has them too. */
function asGzip(packed: Uint8Array, checksum: number, sizeBytes: number): Uint8Array {
  const gzip = new Uint8Array(10 + packed.length + 8)
  gzip.set([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff])
  gzip.set(packed, 10)
  const view = viewOf(gzip)
  view.setUint32(10 + packed.length, checksum, true)
  view.setUint32(14 + packed.length, sizeBytes, true)
  return gzip
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function refuse(why: string): never {
  throw new ProfileFormatError('zip', `the zip archive ${why}`)
}
