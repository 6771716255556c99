import type { Readable } from 'node:stream'

/**
 * `<sha256 in hex>-<ulid>`: hash of the content and a ULID. A key is never used twice, so the
 * garbage collector cannot delete bytes of a concurrent upload of the same content.
 */
export type BlobKey = string

const BLOB_KEY = /^([0-9a-f]{64})-([0-9A-HJKMNP-TV-Z]{26})$/

export function isBlobKey(text: string): text is BlobKey {
  return BLOB_KEY.test(text)
}

/** The hash of the bytes, in hex. */
export function sha256OfKey(key: BlobKey): string {
  return key.slice(0, 64)
}

/** The ULID of the key, which contains the time of the put. */
export function ulidOfKey(key: BlobKey): string {
  return key.slice(65)
}

/** A blob that is durable: it survives a crash and a power cut. */
export interface StoredBlob {
  readonly key: BlobKey
  readonly sha256: string
  readonly sizeBytes: number
}

/**
 * Stores raw and decoded profiles: in files now, in S3 next. Only the database knows which blobs
 * are in use.
 */
export interface BlobStore {
  /**
   * Stores the bytes under a new key. What it returns is durable. When the source throws, nothing
   * is stored and its error is rethrown. Throws STORAGE_FULL or STORAGE_FAILED.
   */
  put(bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<StoredBlob>
  /** All bytes, or `null` when there is no such blob. */
  get(key: BlobKey): Promise<Uint8Array | null>
  /** The bytes as a stream, or `null` when there is no such blob. */
  stream(key: BlobKey): Promise<Readable | null>
  /** Deletes the blob; a blob that is not there is no error. Its row must be gone from the database already. */
  delete(key: BlobKey): Promise<void>
  /** The keys of blobs put before this time, unordered; for the search for orphans. */
  keysPutBefore(timeMs: number): AsyncIterable<BlobKey>
  /** Deletes leftovers of interrupted puts before this time. Returns their number. */
  removeLeftovers(beforeMs: number): Promise<number>
  /** Throws the AppError that a put would throw now, for the readiness check and before a body is read. */
  checkSpace(): Promise<void>
}
