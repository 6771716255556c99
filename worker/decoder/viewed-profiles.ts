import { gunzipSync } from 'node:zlib'
import { readProfile } from '../../gzip/node.ts'
import { decodeColumns, type Profile, repairForViews } from '../../profile/index.ts'
import type { ProfileBytes } from '../../store/index.ts'
import { type BlobKey, type BlobStore, readBlob } from '../../store/blobs.ts'

const ENTRIES_MAX = 4
/** Size of what profiles are decoded from, once inflated; decoded ones take about four times as much. */
const BYTES_MAX = 32 * 1024 * 1024
/** About as much smaller are files of profiles than what they inflate to. */
const INFLATE_RATIO = 4

interface Entry {
  readonly profile: Profile
  readonly sizeBytes: number
}

/** The profiles that were viewed last, read and repaired for views: a reader usually opens several views of one. */
export interface ViewedProfiles {
  /** Throws BLOB_MISSING or BLOB_CORRUPT. */
  get(bytes: ProfileBytes): Promise<Profile>
}

/** The profile as uploaded, neither repaired nor cached. Throws BLOB_MISSING or BLOB_CORRUPT. */
export async function readStored(
  blobs: Pick<BlobStore, 'get'>,
  bytes: ProfileBytes,
): Promise<Profile> {
  const { profile } = await readEntry(blobs, bytes)
  return profile
}

async function readEntry(
  blobs: Pick<BlobStore, 'get'>,
  { key, form }: ProfileBytes,
): Promise<Entry> {
  const stored = await readBlob(blobs, key)
  if (form === 'file') {
    return { profile: readProfile(stored), sizeBytes: INFLATE_RATIO * stored.length }
  }
  const columns = gunzipSync(stored)
  return { profile: decodeColumns(columns), sizeBytes: columns.length }
}

export function openViewedProfiles(blobs: Pick<BlobStore, 'get'>): ViewedProfiles {
  const entries = new Map<BlobKey, Entry>()

  function makeRoomFor(sizeBytes: number): void {
    let heldBytes = [...entries.values()].reduce((sum, entry) => sum + entry.sizeBytes, sizeBytes)
    for (const [key, entry] of entries) {
      if (entries.size < ENTRIES_MAX && heldBytes <= BYTES_MAX) return
      entries.delete(key)
      heldBytes -= entry.sizeBytes
    }
  }

  return {
    async get(bytes) {
      const known = entries.get(bytes.key)
      if (known !== undefined) {
        entries.delete(bytes.key)
        entries.set(bytes.key, known)
        return known.profile
      }
      const { profile, sizeBytes } = await readEntry(blobs, bytes)
      const repaired = repairForViews(profile)
      makeRoomFor(sizeBytes)
      entries.set(bytes.key, { profile: repaired, sizeBytes })
      return repaired
    },
  }
}
