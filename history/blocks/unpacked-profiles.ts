import type { Profile } from '../../profile/index.ts'
import type { BlobKey } from '../../store/blobs.ts'

/** Inflated; decoded profiles take half as much again. */
const BYTES_MAX = 16 * 1024 * 1024

/**
 * Profiles that this process has decoded from their files to judge them, until history packs them: the last ones, in so
 * much memory.
 */
export interface UnpackedProfiles {
  /** The profile of this file, or null. */
  get(key: BlobKey): Profile | null
  /** `sizeBytes` is the size of the file once inflated. */
  keep(key: BlobKey, profile: Profile, sizeBytes: number): void
  forget(keys: readonly BlobKey[]): void
}

export function openUnpackedProfiles(bytesMax = BYTES_MAX): UnpackedProfiles {
  const kept = new Map<BlobKey, { readonly profile: Profile; readonly sizeBytes: number }>()
  let keptBytes = 0
  const drop = (key: BlobKey) => {
    keptBytes -= kept.get(key)?.sizeBytes ?? 0
    kept.delete(key)
  }
  return {
    get: (key) => kept.get(key)?.profile ?? null,
    keep(key, profile, sizeBytes) {
      drop(key)
      kept.set(key, { profile, sizeBytes })
      keptBytes += sizeBytes
      for (const oldest of kept.keys()) {
        if (keptBytes <= bytesMax) break
        drop(oldest)
      }
    },
    forget: (keys) => keys.forEach(drop),
  }
}
