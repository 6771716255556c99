import type { BlobStore } from './blob-store.ts'
import { type FsBlobStoreOptions, openFsBlobStore } from './fs-blob-store.ts'
import type { BlobOptions } from './options.ts'

/** Opens the blob store that the settings name. The S3 client is loaded only when it is asked for. */
export async function openBlobs(
  options: BlobOptions,
  files: FsBlobStoreOptions,
): Promise<BlobStore> {
  if (options.kind === 'files') return openFsBlobStore(files)
  const { openS3BlobStore } = await import('./s3-blob-store.ts')
  return openS3BlobStore({ ...options, directory: files.directory })
}
