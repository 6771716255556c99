import type { BlobKey } from '../blobs/blob-store.ts'
import type { BlobFault } from '../blobs/verify.ts'
import type { BlobTable } from '../schema/schema.ts'

/**
 * What becomes of a damaged blob. `restored`: the right bytes were in the trash. `recomputed`: it held columns or a block
 * of history, which are computed again. `lost`: its row is marked. `deleted`: it was deleted with its row meanwhile.
 */
export type FaultOutcome = 'restored' | 'recomputed' | 'lost' | 'deleted'

export interface FaultEvent {
  readonly key: BlobKey
  readonly fault: BlobFault
  readonly outcome: FaultOutcome
}

/** A blob that has a row. */
export interface KnownBlob {
  readonly key: BlobKey
  readonly sizeBytes: number
  readonly kind: BlobTable['kind']
}

/** A blob that is marked as damaged. */
export interface FaultyBlob {
  readonly key: BlobKey
  readonly kind: BlobTable['kind'] | 'block'
  readonly fault: BlobFault
}

/** Finds blobs whose bytes are damaged or gone, and repairs what can be repaired. */
export interface Integrity {
  /** For every reader that meets a damaged blob: repairs it, or marks its row if it still has one. */
  report(key: BlobKey, fault: BlobFault): Promise<FaultOutcome>
  /**
   * Takes the blobs that were not compared with their hash since this time, the longest unchecked
   * first and at most `limit`. No other process takes them until they are due again.
   */
  claimUnchecked(beforeMs: number, limit: number): Promise<readonly BlobKey[]>
  /** Reads a blob; reports a fault, and takes back the mark of one that is whole again. */
  check(key: BlobKey): Promise<FaultOutcome | null>
  /** The rows of blobs in the order of their keys, after this one and at most `limit`. */
  listBlobs(after: BlobKey | null, limit: number): Promise<readonly KnownBlob[]>
  /** The blobs that are marked, at most `limit`. */
  faultyBlobs(limit: number): Promise<readonly FaultyBlob[]>
}
