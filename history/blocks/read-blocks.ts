import { zstdDecompressSync } from 'node:zlib'
import { AppError, type ErrorCode } from '../../api/errors.ts'
import { gunzip, readProfile } from '../../gzip/node.ts'
import {
  type Block,
  blockOfProfiles,
  decodeBlock,
  decodeUnread,
  type DecodeText,
  type EnteredProfile,
  ProfileFormatError,
  shapeKey,
  sharedTexts,
  type UnreadProfile,
} from '../../profile/index.ts'
import { type BlobKey, type BlobStore, readBlob } from '../../store/blobs.ts'
import type { HistoryBlock, PendingProfile } from '../../store/index.ts'
import type { UnpackedProfiles } from './unpacked-profiles.ts'

export interface ReadBlobs extends Pick<BlobStore, 'get'> {
  /** Absent where the process decodes no files. */
  readonly unpacked?: Pick<UnpackedProfiles, 'get'>
}

/** Inflated blocks are larger than any that packing makes. */
const INFLATED_BYTES_MAX = 2 ** 30

/** Blocks are about four times as large once inflated: pieces of this size save putting many together. */
const INFLATED_FACTOR = 5
const CHUNK_BYTES = { min: 1 << 16, max: 1 << 25 } as const

/**
 * Reads a block, with texts shared by all that are read with one `decodeText`. Throws BLOB_MISSING or BLOB_CORRUPT, which
 * name the key.
 */
export async function readBlock(
  blobs: ReadBlobs,
  key: BlobKey,
  decodeText: DecodeText,
): Promise<Block> {
  const stored = await readBlob(blobs, key)
  const { min, max } = CHUNK_BYTES
  const chunkSize = Math.min(max, Math.max(min, stored.length * INFLATED_FACTOR))
  const options = { maxOutputLength: INFLATED_BYTES_MAX, chunkSize }
  return decodeBlock(zstdDecompressSync(stored, options), decodeText)
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
  const decodeText = sharedTexts()
  for (const row of stored) {
    const block = await readBlock(blobs, row.blobKey, decodeText).catch(nullIfLost)
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

/** Columns are read in half the time that the file takes, and what was decoded from it need not be read at all. */
async function readPending(
  blobs: ReadBlobs,
  { columnsBlobKey, rawBlobKey }: PendingProfile,
): Promise<EnteredProfile['profile'] | null> {
  const unpacked = blobs.unpacked?.get(rawBlobKey) ?? null
  if (unpacked !== null) return unpacked
  const fromColumns =
    columnsBlobKey === null ? null : await readAs(blobs, columnsBlobKey, inflateColumns)
  return fromColumns ?? (await readAs(blobs, rawBlobKey, readProfile))
}

/** Profiles of a batch share most texts, so that each is read once. */
function inflateColumns(bytes: Uint8Array): UnreadProfile {
  return decodeUnread(
    gunzip(bytes, { inflatedBytesMax: INFLATED_BYTES_MAX, isPrefix: false }).bytes,
  )
}

async function readAs<Read>(
  blobs: ReadBlobs,
  key: BlobKey,
  decode: (bytes: Uint8Array) => Read,
): Promise<Read | null> {
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
