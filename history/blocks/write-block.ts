import { constants, zstdCompressSync } from 'node:zlib'
import {
  type Block,
  BLOCK_VERSION,
  encodeBlock,
  lastMsOf,
  profileCountOf,
  releaseBytes,
  shapeKey,
} from '../../profile/index.ts'
import type { BlobStore } from '../../store/blobs.ts'
import type { HistoryBlock, PackedBlock } from '../../store/index.ts'

/** More makes packing slower and blocks hardly smaller: 2.33 and 2.31 MB for a day at levels 3 and 9. */
const COMPRESSION_LEVEL = 3

/** Stores a block. It is durable when this returns. */
export async function writeBlock(
  blobs: Pick<BlobStore, 'put'>,
  block: Block,
  level: HistoryBlock['level'],
): Promise<PackedBlock> {
  const params = { [constants.ZSTD_c_compressionLevel]: COMPRESSION_LEVEL }
  const { members } = block
  const bytes = encodeBlock(block)
  const compressed = zstdCompressSync(bytes, { params })
  releaseBytes(bytes)
  return {
    level,
    blob: await blobs.put(compressed),
    shape: shapeKey(block.shape),
    fromMs: members.reduce((least, { atMs }) => Math.min(least, atMs), Number.MAX_SAFE_INTEGER),
    lastMs: members.reduce((most, member) => Math.max(most, lastMsOf(member)), -1),
    version: BLOCK_VERSION,
    profileCount: members.reduce((sum, member) => sum + profileCountOf(member), 0),
    profileIds: level === 'full' ? members.map(({ profileId }) => profileId) : [],
  }
}
