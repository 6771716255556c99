import type { BlobKey } from '../blobs/blob-store.ts'
import type { BlobTable } from './schema.ts'

/** The row of a blob that was just put: its hash is known to be right. */
export function newBlobRow(
  { key, sizeBytes }: { readonly key: BlobKey; readonly sizeBytes: number },
  kind: BlobTable['kind'],
  nowMs: number,
): BlobTable {
  return { id: key, sizeBytes, kind, createdAtMs: nowMs, checkedAtMs: nowMs, fault: null }
}
