import { type BlobStore, openFsBlobStore } from '../../store/blobs.ts'
import type { DecoderBlobs } from '../pool/decoder-settings.ts'
import { relayedBlobs } from './relayed-blobs.ts'

/** The blobs as a decoder process reaches them. */
export async function openDecoderBlobs(
  blobs: DecoderBlobs,
): Promise<Pick<BlobStore, 'get' | 'put'>> {
  if (blobs.through === 'parent') return relayedBlobs(blobs.directory)
  // A disk that fails is an error for the parent process, which postpones the analysis.
  return openFsBlobStore({ ...blobs, onDiskFailure: () => undefined })
}
