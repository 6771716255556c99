import { gunzip } from 'node:zlib'
import { promisify } from 'node:util'
import { isGzip } from './read-profile.ts'

/** Files inflated in one call, to save a call for each; few at first, so that reading begins at once. */
const BATCH_FILES_FIRST = 4
const BATCH_FILES_MAX = 32
const BATCH_BYTES_MAX = 64 * 1024 * 1024
/** Files that declare a larger ratio are inflated one at a time by the reader, with all checks. */
const RATIO_MAX = 16

const gunzipAside = promisify(gunzip)

/**
 * Inflates many small files in another thread, some files ahead of the reader. A file that is not plain gzip of one
 * member, or is in a batch with such a file, is yielded unchanged.
 */
export async function* inflateAhead(files: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  let rest = files
  let next: Promise<readonly Uint8Array[]> | null = null
  let filesMax = BATCH_FILES_FIRST
  while (rest.length > 0 || next !== null) {
    const ready = next
    const batch = rest.slice(0, batchLength(rest, filesMax))
    rest = rest.slice(batch.length)
    filesMax = Math.min(filesMax * 2, BATCH_FILES_MAX)
    next = batch.length > 0 ? inflateBatch(batch) : null
    if (ready !== null) yield* await ready
  }
}

function batchLength(files: readonly Uint8Array[], filesMax: number): number {
  let sizeBytes = 0
  let count = 0
  for (const { length } of files.slice(0, filesMax)) {
    sizeBytes += length * RATIO_MAX
    if (count > 0 && sizeBytes > BATCH_BYTES_MAX) break
    count++
  }
  return count
}

/**
 * Members that follow each other inflate as one. Each file's last four bytes hold the length of its last member, which
 * inflating verifies; if these lengths add up to the whole, each file is one member.
 */
async function inflateBatch(files: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
  const sizes = files.map(claimedSize)
  const sizeBytes = sizes.reduce((sum, size) => sum + size, 0)
  if (sizes.includes(0) || sizeBytes > BATCH_BYTES_MAX) return files
  try {
    const inflated = await gunzipAside(Buffer.concat(files), {
      maxOutputLength: sizeBytes,
      chunkSize: sizeBytes + 64,
    })
    if (inflated.length !== sizeBytes) return files
    let end = 0
    const parts = sizes.map((size) => inflated.subarray(end, (end += size)))
    return parts.some((part) => isGzip(part)) ? files : parts
  } catch {
    // The reader inflates the files one at a time and reports which of them is damaged, and how.
    return files
  }
}

/** The declared length of a gzip file's content in bytes; 0 if it is not gzip or the length is implausible. */
function claimedSize(bytes: Uint8Array): number {
  if (bytes.length < 18 || !isGzip(bytes)) return 0
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const sizeBytes = view.getUint32(bytes.length - 4, true)
  return sizeBytes <= bytes.length * RATIO_MAX ? sizeBytes : 0
}
