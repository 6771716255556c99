import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { AppError } from '../../api/errors.ts'
import { sha256OfKey, type BlobKey, type BlobStore } from './blob-store.ts'

/** The fault of a stored blob. */
export type BlobFault = 'missing' | 'corrupt'

/** Throws BLOB_CORRUPT when the bytes do not have the hash of the key. */
export function verifiedBytes(key: BlobKey, bytes: Uint8Array): Uint8Array {
  if (createHash('sha256').update(bytes).digest('hex') !== sha256OfKey(key)) throw corrupt(key)
  return bytes
}

/**
 * The same bytes, hashed on the way. The last of them are held back until all are known to be right:
 * else the stream fails with BLOB_CORRUPT, so that no reader takes damaged bytes for whole ones.
 */
export function verifiedStream(key: BlobKey, bytes: AsyncIterable<Uint8Array>): Readable {
  return Readable.from(verified(key, bytes), { objectMode: false })
}

async function* verified(
  key: BlobKey,
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  let last: Uint8Array | null = null
  for await (const chunk of bytes) {
    hash.update(chunk)
    if (last !== null) yield last
    last = chunk
  }
  if (hash.digest('hex') !== sha256OfKey(key)) throw corrupt(key)
  if (last !== null) yield last
}

function corrupt(key: BlobKey): AppError {
  return new AppError('BLOB_CORRUPT', { details: { blobKey: key } })
}

/** The verified bytes of a blob. Throws BLOB_MISSING and BLOB_CORRUPT, which name the key. */
export async function readBlob(blobs: Pick<BlobStore, 'get'>, key: BlobKey): Promise<Uint8Array> {
  const bytes = await blobs.get(key)
  if (bytes === null) throw new AppError('BLOB_MISSING', { details: { blobKey: key } })
  return bytes
}

/** Reads a blob as a whole without keeping it. Returns what is wrong with it, or `null`. */
export async function checkBlob(
  blobs: Pick<BlobStore, 'stream'>,
  key: BlobKey,
): Promise<BlobFault | null> {
  const bytes = await blobs.stream(key)
  if (bytes === null) return 'missing'
  try {
    for await (const _ of bytes);
    return null
  } catch (error) {
    if (error instanceof AppError && error.code === 'BLOB_CORRUPT') return 'corrupt'
    throw error
  }
}

/** The fault that an error reports, and of which blob; `null` for another error. */
export function faultOf(
  error: unknown,
): { readonly key: BlobKey; readonly fault: BlobFault } | null {
  if (!(error instanceof AppError)) return null
  const key = error.details?.['blobKey']
  if (typeof key !== 'string') return null
  if (error.code === 'BLOB_CORRUPT') return { key, fault: 'corrupt' }
  return error.code === 'BLOB_MISSING' ? { key, fault: 'missing' } : null
}
