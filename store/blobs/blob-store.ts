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

/** Lies beside the blobs and names the database that they belong to. */
export interface BlobIdentity {
  readonly installationId: string
  /** Raised in the database first, so it is never ahead of the database unless that is an older copy. */
  readonly mark: number
}

/**
 * Stores raw and decoded profiles: in files or in S3. Only the database knows which blobs are in
 * use.
 */
export interface BlobStore {
  /**
   * Stores the bytes under a new key. What it returns is durable. When the source throws, nothing
   * is stored and its error is rethrown. Throws STORAGE_FULL, STORAGE_FAILED or BLOB_STORE_UNAVAILABLE.
   */
  put(bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<StoredBlob>
  /** All bytes, or `null` when there is no such blob. Throws BLOB_CORRUPT when they lack the hash of the key. */
  get(key: BlobKey): Promise<Uint8Array | null>
  /**
   * The bytes as a stream, or `null` when there is no such blob. It fails with BLOB_CORRUPT before its
   * end when they lack the hash of the key.
   */
  stream(key: BlobKey): Promise<Readable | null>
  /** The size of the blob in bytes, or `null` when there is no such blob. */
  sizeOf(key: BlobKey): Promise<number | null>
  /**
   * Stores bytes of another store under the key that they have there. Durable as `put`. Throws
   * BLOB_CORRUPT when the bytes do not have the hash of the key, and stores nothing.
   */
  putAs(key: BlobKey, bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<StoredBlob>
  /** Deletes the blob; a blob that is not there is no error. Its row must be gone from the database already. */
  delete(key: BlobKey): Promise<void>
  /** The keys of blobs put before this time, unordered; for the search for orphans. */
  keysPutBefore(timeMs: number): AsyncIterable<BlobKey>
  /**
   * Moves the blob to the trash of the day of `nowMs`, where no other method than these finds it. A
   * blob that is not there is no error.
   */
  moveToTrash(key: BlobKey, nowMs: number): Promise<void>
  /** Moves the blob back. Returns false when it is not in the trash. */
  restoreFromTrash(key: BlobKey): Promise<boolean>
  /** The keys in the trash, unordered. */
  keysInTrash(): AsyncIterable<BlobKey>
  /** Deletes blobs of the trash whose day (UTC) ended before this time, at most `limit`. Returns their number. */
  emptyTrash(beforeMs: number, limit: number): Promise<number>
  /** `null` when none was written. Throws STORAGE_FAILED when it is there and cannot be read. */
  readIdentity(): Promise<BlobIdentity | null>
  /** Replaces the identity; what is written is durable. */
  writeIdentity(identity: BlobIdentity): Promise<void>
  /** Deletes leftovers of interrupted puts before this time. Returns their number. */
  removeLeftovers(beforeMs: number): Promise<number>
  /** Throws the AppError that a put would throw now, for the readiness check and before a body is read. */
  checkSpace(): Promise<void>
  /** Writes a byte where blobs lie and deletes it. Throws STORAGE_FULL or STORAGE_FAILED with the reason. */
  checkWrite(): Promise<void>
}
