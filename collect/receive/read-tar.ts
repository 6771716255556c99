import { Readable, type Transform } from 'node:stream'
import { ReadableStream } from 'node:stream/web'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { createTarDecoder, type TarHeader } from 'modern-tar'
import { AppError } from '../../api/index.ts'
import type { BundleEntry, SkippedEntry } from './bundle-entry.ts'

export interface TarLimits {
  /** Of the inflated tar. */
  readonly inflatedBytesMax: number
  /** The largest inflation ratio of a tar, checked after 16 MiB. */
  readonly ratioMax: number
  /** Called for each entry that is no file and no folder. */
  readonly onSkipped: (entry: SkippedEntry) => void
}

const BLOCK_BYTES = 512
const RATIO_FREE_BYTES = 16 * 1024 * 1024
/** How a tar is compressed, by the bytes that it begins with. */
const COMPRESSIONS = [
  { magic: [0x1f, 0x8b], open: createGunzip },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], open: createZstdDecompress },
] as const

/**
 * The files of a tar, compressed by gzip or zstd or not, as they arrive; links and devices are left out and reported. Throws BUNDLE_INVALID
 * with the entry and the offset in the inflated tar, UPLOAD_TOO_LARGE, and errors of the source.
 */
export async function* readTar(
  bytes: AsyncIterable<Uint8Array>,
  limits: TarLimits,
): AsyncGenerator<BundleEntry> {
  const place: Place = { entry: null, offsetBytes: 0 }
  const tar = ReadableStream.from(inflate(bytes, limits, place))
  const entries = tar.pipeThrough(createTarDecoder({ strict: true }))
  try {
    for await (const { header, body } of entries) {
      place.offsetBytes += metadataBytes(header)
      place.entry = header.name
      if (header.type === 'file') yield { name: header.name, body: explained(body, place) }
      else {
        if (header.type !== 'directory') limits.onSkipped(skippedEntry(header))
        await body.cancel()
      }
      place.offsetBytes += BLOCK_BYTES + padded(header.size)
    }
  } catch (error) {
    throw explain(error, place)
  }
}

const NAME_CHARS_MAX = 255

function skippedEntry({ name, type, linkname }: TarHeader): SkippedEntry {
  const kind = { symlink: 'symbolic link', link: 'hard link' }[String(type)] ?? String(type)
  const what = linkname === undefined || linkname === '' ? kind : `${kind} to ${linkname}`
  return { name: name.slice(0, NAME_CHARS_MAX), what: what.slice(0, NAME_CHARS_MAX) }
}

/** How far the tar has been read. */
interface Place {
  entry: string | null
  /** Where the entry begins, in the inflated tar. */
  offsetBytes: number
}

async function* explained(
  body: AsyncIterable<Uint8Array>,
  place: Readonly<Place>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (error) {
    throw explain(error, place)
  }
}

function explain(error: unknown, { entry, offsetBytes }: Readonly<Place>): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error
  const reason = error.message.replace(/\.$/, '')
  const where = entry === null ? 'at its first entry' : `at or after its entry "${entry}"`
  return new AppError('BUNDLE_INVALID', {
    message: `The bundle cannot be read ${where} (byte ${offsetBytes} of the tar): ${reason}.`,
    details: { reason, entry, offsetBytes },
    cause: error,
  })
}

async function* inflate(
  bytes: AsyncIterable<Uint8Array>,
  { inflatedBytesMax, ratioMax }: TarLimits,
  place: Readonly<Place>,
): AsyncGenerator<Uint8Array> {
  const sent = { sizeBytes: 0 }
  const { open, chunks } = await sniff(counted(bytes, sent))
  let inflatedBytes = 0
  for await (const chunk of open === null ? chunks : decompress(chunks, open())) {
    inflatedBytes += chunk.length
    const isBomb = inflatedBytes > RATIO_FREE_BYTES && inflatedBytes > sent.sizeBytes * ratioMax
    if (isBomb || inflatedBytes > inflatedBytesMax) {
      throw new AppError('UPLOAD_TOO_LARGE', {
        message: isBomb
          ? `The bundle is more than ${ratioMax} times as large as what was sent.`
          : `The bundle is larger than ${inflatedBytesMax} bytes when inflated.`,
        details: { reason: isBomb ? 'ratio' : 'inflated_bytes', ...place },
      })
    }
    yield chunk
  }
}

/** Errors of the source are thrown unchanged. */
async function* decompress(
  chunks: AsyncIterable<Uint8Array>,
  inflating: Transform,
): AsyncGenerator<Uint8Array> {
  const source = Readable.from(chunks, { objectMode: false })
  source.on('error', (error) => inflating.destroy(error))
  source.pipe(inflating)
  try {
    for await (const chunk of inflating) if (chunk instanceof Uint8Array) yield chunk
  } finally {
    source.destroy()
  }
}

async function* counted(
  bytes: AsyncIterable<Uint8Array>,
  sent: { sizeBytes: number },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    sent.sizeBytes += chunk.length
    yield chunk
  }
}

async function sniff(bytes: AsyncGenerator<Uint8Array>): Promise<{
  /** Begins to decompress; null for a plain tar. */
  readonly open: (() => Transform) | null
  readonly chunks: AsyncIterable<Uint8Array>
}> {
  let head = Buffer.alloc(0)
  while (head.length < BLOCK_BYTES) {
    const { done, value } = await bytes.next()
    if (done === true) break
    head = Buffer.concat([head, value])
  }
  if (head.length === 0) throw new AppError('BODY_MISSING')
  const compression = COMPRESSIONS.find(({ magic }) =>
    magic.every((byte, index) => head[index] === byte),
  )
  if (compression === undefined && head.subarray(257, 262).toString('latin1') !== 'ustar') {
    throw new AppError('BUNDLE_INVALID', { details: { reason: 'no tar', offsetBytes: 0 } })
  }
  return { open: compression?.open ?? null, chunks: prepended(head, bytes) }
}

async function* prepended(
  head: Uint8Array,
  bytes: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield head
  yield* bytes
}

/** The block before an entry with POSIX.1-2001 (pax) attributes: records of `length key=value`. */
function metadataBytes({ pax }: TarHeader): number {
  if (pax === undefined) return 0
  let sizeBytes = 0
  for (const [key, value] of Object.entries(pax)) {
    const recordBytes = Buffer.byteLength(`${key}=${value}`) + 2
    const lengthDigits = String(recordBytes + String(recordBytes).length).length
    sizeBytes += recordBytes + lengthDigits
  }
  return BLOCK_BYTES + padded(sizeBytes)
}

function padded(sizeBytes: number): number {
  return Math.ceil(sizeBytes / BLOCK_BYTES) * BLOCK_BYTES
}
