import type { BlobKey } from '../blobs/blob-store.ts'
import type { Look, Looked } from '../database/look.ts'
import type { ForgetObserved, ForgottenObserved } from '../findings/forget-observed.ts'

/** The limits of retention. */
export interface RetentionRules {
  /** Deletes what is older than this time; `null` for no age limit. */
  readonly beforeMs: number | null
  /** Deletes the oldest while the total stored size exceeds this; `null` for no limit. */
  readonly bytesMax: number | null
}

/**
 * Deletes unreachable data: rows first, then bytes, so that a row never refers to missing bytes.
 */
export interface Garbage {
  /**
   * Marks expired captures and standalone profiles as deleted, the oldest first and at most
   * `limit`. Returns their number. Pinned, shared and unfinished ones stay, and captures with a pinned profile.
   */
  retire(rules: RetentionRules, limit: number): Promise<number>
  /**
   * Deletes the rows of removed profiles and superseded analyses, at most `limit`. Returns the keys
   * of the blobs to delete.
   */
  deleteRows(limit: number): Promise<readonly BlobKey[]>
  /**
   * Marks superseded analyses that an older program beside this one did not mark, for `deleteRows`, of the next profiles in
   * order of id.
   */
  markSuperseded(look: Look): Promise<Looked>
  /**
   * Forgets at most `limit` columns of profiles that were analysed before this time and whose file is undamaged, from
   * which they are read then. Returns the keys of the blobs to delete.
   */
  forgetColumns(beforeMs: number, limit: number): Promise<readonly BlobKey[]>
  /**
   * Forgets what was measured and judged before this time and no answer needs, of at most `limit` processes whose id is
   * after this one. Returns the last of their ids, null where there was none.
   */
  forgetObserved(request: ForgetObserved): Promise<ForgottenObserved>
  /** The size of all stored files that have a row, by kind. Reads an index of them all. */
  bytesByKind(): Promise<readonly { readonly kind: string; readonly bytes: number }[]>
  /** Returns the keys that no row refers to. */
  unknownKeys(keys: readonly BlobKey[]): Promise<readonly BlobKey[]>
}
