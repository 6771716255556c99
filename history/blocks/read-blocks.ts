import { zstdDecompressSync } from 'node:zlib'
import { AppError, type ErrorCode } from '../../api/errors.ts'
import { readProfile } from '../../gzip/node.ts'
import {
  type Block,
  blockOfProfiles,
  decodeBlock,
  type EnteredProfile,
  type Profile,
  ProfileFormatError,
  shapeKey,
} from '../../profile/index.ts'
import { type BlobKey, type BlobStore, readBlob } from '../../store/blobs.ts'
import type { PendingProfile } from '../../store/index.ts'

export type ReadBlobs = Pick<BlobStore, 'get'>

/** Inflated blocks are larger than any that packing makes. */
const INFLATED_BYTES_MAX = 2 ** 30

/** Reads a block. Throws BLOB_MISSING or BLOB_CORRUPT, which name the key. */
export async function readBlock(blobs: ReadBlobs, key: BlobKey): Promise<Block> {
  const stored = await readBlob(blobs, key)
  return decodeBlock(zstdDecompressSync(stored, { maxOutputLength: INFLATED_BYTES_MAX }))
}

/** Profiles that are in no block, as blocks of one shape each. `failedIds`: those that cannot be read. */
export async function readUnpacked(
  blobs: ReadBlobs,
  profiles: readonly PendingProfile[],
): Promise<{ readonly blocks: readonly Block[]; readonly failedIds: readonly string[] }> {
  const entered: EnteredProfile[] = []
  const failedIds: string[] = []
  for (const { rawBlobKey, seriesId, profileId, process, atMs } of profiles) {
    const entry = { profileId, series: seriesId, process, atMs }
    const profile = await readRaw(blobs, rawBlobKey)
    if (profile === null) failedIds.push(profileId)
    else entered.push({ entry, profile })
  }
  const byShape = Map.groupBy(entered, ({ profile }) =>
    shapeKey({ ...profile, isTimed: profile.durationNs > 0n }),
  )
  return { blocks: [...byShape.values()].map((some) => blockOfProfiles(some)), failedIds }
}

async function readRaw(blobs: ReadBlobs, key: BlobKey): Promise<Profile | null> {
  try {
    return readProfile(await readBlob(blobs, key))
  } catch (error) {
    if (error instanceof ProfileFormatError || isLostBlob(error)) return null
    throw error
  }
}

const LOST: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['BLOB_MISSING', 'BLOB_CORRUPT'])

/** Whether the bytes of a blob are gone or are not those that were written. */
export function isLostBlob(error: unknown): boolean {
  return error instanceof AppError && LOST.has(error.code)
}
