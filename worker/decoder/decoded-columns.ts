import { gunzipSync } from 'node:zlib'
import { decodeColumns, type Profile, repairForViews } from '../../profile/index.ts'
import { type BlobKey, type BlobStore, readBlob } from '../../store/blobs.ts'

const ENTRIES_MAX = 4
/** Size of encoded columns; decoded ones take about four times as much. */
const BYTES_MAX = 32 * 1024 * 1024

interface Entry {
  readonly profile: Profile
  readonly sizeBytes: number
}

/**
 * The most recently used columns, decoded and repaired for views: a reader usually opens several
 * views of a profile.
 */
export interface DecodedColumns {
  /** Throws BLOB_MISSING or BLOB_CORRUPT. */
  get(key: BlobKey): Promise<Profile>
}

/** The profile as uploaded, neither repaired nor cached. Throws BLOB_MISSING or BLOB_CORRUPT. */
export async function readColumns(blobs: Pick<BlobStore, 'get'>, key: BlobKey): Promise<Profile> {
  return decodeColumns(await columnBytes(blobs, key))
}

async function columnBytes(blobs: Pick<BlobStore, 'get'>, key: BlobKey): Promise<Uint8Array> {
  return gunzipSync(await readBlob(blobs, key))
}

export function openDecodedColumns(blobs: Pick<BlobStore, 'get'>): DecodedColumns {
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
    async get(key) {
      const known = entries.get(key)
      if (known !== undefined) {
        entries.delete(key)
        entries.set(key, known)
        return known.profile
      }
      const bytes = await columnBytes(blobs, key)
      const profile = repairForViews(decodeColumns(bytes))
      makeRoomFor(bytes.length)
      entries.set(key, { profile, sizeBytes: bytes.length })
      return profile
    },
  }
}
