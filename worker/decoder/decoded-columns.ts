import { gunzipSync } from 'node:zlib'
import { AppError } from '../../api/errors.ts'
import { decodeColumns, type Profile, repairForViews } from '../../profile/index.ts'
import type { BlobKey, BlobStore } from '../../store/index.ts'

const ENTRIES_MAX = 4
/** Of encoded columns; decoded ones take some four times as much. */
const BYTES_MAX = 32 * 1024 * 1024

interface Entry {
  readonly profile: Profile
  readonly sizeBytes: number
}

/** The columns that were looked at last, decoded and repaired for views: who opens one view opens the next. */
export interface DecodedColumns {
  /** Throws BLOB_MISSING. */
  get(key: BlobKey): Promise<Profile>
}

/** The profile as it was uploaded, not repaired and not kept. Throws BLOB_MISSING. */
export async function readColumns(blobs: Pick<BlobStore, 'get'>, key: BlobKey): Promise<Profile> {
  return decodeColumns(await columnBytes(blobs, key))
}

async function columnBytes(blobs: Pick<BlobStore, 'get'>, key: BlobKey): Promise<Uint8Array> {
  const stored = await blobs.get(key)
  if (stored === null) throw new AppError('BLOB_MISSING')
  return gunzipSync(stored)
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
