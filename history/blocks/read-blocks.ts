import { zstdDecompressSync } from 'node:zlib'
import { AppError, type ErrorCode } from '../../api/errors.ts'
import { gunzip, readProfile } from '../../gzip/node.ts'
import {
  type Block,
  blockOfProfiles,
  decodeBlock,
  decodeColumns,
  type EnteredProfile,
  type Profile,
  ProfileFormatError,
  shapeKey,
} from '../../profile/index.ts'
import { type BlobKey, type BlobStore, readBlob } from '../../store/blobs.ts'
import type { HistoryBlock, PendingProfile } from '../../store/index.ts'

export type ReadBlobs = Pick<BlobStore, 'get'>

/** Inflated blocks are larger than any that packing makes. */
const INFLATED_BYTES_MAX = 2 ** 30

/** Reads a block. Throws BLOB_MISSING or BLOB_CORRUPT, which name the key. */
export async function readBlock(blobs: ReadBlobs, key: BlobKey): Promise<Block> {
  const stored = await readBlob(blobs, key)
  return decodeBlock(zstdDecompressSync(stored, { maxOutputLength: INFLATED_BYTES_MAX }))
}

/** The blocks that can be read, with their rows, and the ids of the others. */
export async function readWhatIsThere(
  blobs: ReadBlobs,
  stored: readonly HistoryBlock[],
): Promise<{
  readonly blocks: readonly { readonly block: Block; readonly row: HistoryBlock }[]
  readonly lostIds: readonly string[]
}> {
  const blocks = []
  const lostIds: string[] = []
  for (const row of stored) {
    const block = await readBlock(blobs, row.blobKey).catch(nullIfLost)
    if (block === null) lostIds.push(row.id)
    else blocks.push({ block, row })
  }
  return { blocks, lostIds }
}

function nullIfLost(error: unknown): null {
  if (isLostBlob(error) || error instanceof ProfileFormatError) return null
  throw error
}

/** Profiles that are in no block, as blocks of one shape each. `failedIds`: those that cannot be read. */
export async function readUnpacked(
  blobs: ReadBlobs,
  profiles: readonly PendingProfile[],
): Promise<{ readonly blocks: readonly Block[]; readonly failedIds: readonly string[] }> {
  const entered: EnteredProfile[] = []
  const failedIds: string[] = []
  for (const pending of profiles) {
    const { seriesId, profileId, process, atMs } = pending
    const entry = { profileId, series: seriesId, process, atMs }
    const profile = await readPending(blobs, pending)
    if (profile === null) failedIds.push(profileId)
    else entered.push({ entry, profile })
  }
  const byShape = Map.groupBy(entered, ({ profile }) =>
    shapeKey({ ...profile, isTimed: profile.durationNs > 0n }),
  )
  return { blocks: [...byShape.values()].map((some) => blockOfProfiles(some)), failedIds }
}

/** Columns are read in half the time that the file takes. */
async function readPending(
  blobs: ReadBlobs,
  { columnsBlobKey, rawBlobKey }: PendingProfile,
): Promise<Profile | null> {
  const fromColumns =
    columnsBlobKey === null ? null : await readAs(blobs, columnsBlobKey, inflateColumns)
  return fromColumns ?? (await readAs(blobs, rawBlobKey, readProfile))
}

function inflateColumns(bytes: Uint8Array): Profile {
  const options = { inflatedBytesMax: INFLATED_BYTES_MAX, isPrefix: false }
  return decodeColumns(gunzip(bytes, options).bytes)
}

async function readAs(
  blobs: ReadBlobs,
  key: BlobKey,
  decode: (bytes: Uint8Array) => Profile,
): Promise<Profile | null> {
  try {
    return decode(await readBlob(blobs, key))
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
