import type { BlobKey } from '../blobs/blob-store.ts'

/** What is kept no longer. */
export interface RetentionRules {
  /** What came before this time goes; `null` keeps what is old. */
  readonly beforeMs: number | null
  /** While all that is stored takes more than this, the oldest goes; `null` for no limit. */
  readonly bytesMax: number | null
}

/** Deletes what nobody can reach: rows first, bytes second, so that a row never refers to bytes that are gone. */
export interface Garbage {
  /**
   * Takes captures and profiles by themselves out of sight that are kept no longer, the oldest first and at most `limit`;
   * says how many. What is pinned, shared by a link or still being taken stays.
   */
  retire(rules: RetentionRules, limit: number): Promise<number>
  /** Deletes the rows of removed profiles and superseded analyses, at most `limit`; the keys of the blobs to unlink. */
  deleteRows(limit: number): Promise<readonly BlobKey[]>
  /** Those of the keys that no row knows. */
  unknownKeys(keys: readonly BlobKey[]): Promise<readonly BlobKey[]>
}
