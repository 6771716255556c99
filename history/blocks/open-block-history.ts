import type { BlobStore, HistoryRows, Packed, PackingClaim } from '../../store/index.ts'
import type { HistoryOptions } from '../options.ts'
import { planRange } from '../plan.ts'
import type { HistoryStore } from '../history-store.ts'
import type { PackingInput } from './pack-blocks.ts'

const DAY_MS = 24 * 3600 * 1000
const EXPIRED_MAX = 100
const LEASE_MS = 10 * 60 * 1000
/** As many decoded profiles fit into the memory of a decoder at once. */
const PENDING_MAX = 100

export interface BlockHistoryNeeds {
  readonly rows: HistoryRows
  readonly blobs: Pick<BlobStore, 'delete'>
  readonly options: HistoryOptions
  /** `packBlocks`, wherever it runs. */
  readonly pack: (input: PackingInput) => Promise<Packed>
  readonly now: () => number
}

/** History in blocks beside the profiles. */
export function openBlockHistory(needs: BlockHistoryNeeds): HistoryStore {
  const { rows, blobs, options, now } = needs
  return {
    plan: (request) => planRange(rows, options, request),
    series: (space) => rows.series(space),
    append: (limit) => rows.addMissing(limit),
    async compact() {
      const claim = await rows.claimPacking({
        pendingMin: options.pendingMin,
        pendingMsMax: options.pendingMsMax,
        pendingMax: PENDING_MAX,
        dayEndedBeforeMs: now() - options.dayGraceMs,
        leaseMs: LEASE_MS,
      })
      if (claim === null) return false
      await compactClaim(needs, claim)
      return true
    },
    async expire() {
      const { retentionDays } = options
      if (retentionDays === 0) return 0
      const keys = await rows.expire(now() - retentionDays * DAY_MS, EXPIRED_MAX)
      for (const key of keys) await blobs.delete(key)
      return keys.length
    },
    rebuild: () => rows.rebuild(),
  }
}

async function compactClaim(
  { rows, blobs, pack }: BlockHistoryNeeds,
  claim: PackingClaim,
): Promise<void> {
  let packed: Packed
  try {
    const { blocks, pending, skippedIds, isWholeDay } = claim
    packed = await pack({ blocks, pending, skippedIds, isWholeDay })
  } catch (error) {
    // Others of the group need not wait until the lease ends.
    await rows.releasePacking(claim)
    throw error
  }
  const old = await rows.commitPacking(claim, packed)
  const unused = old ?? packed.blocks.map(({ blob }) => blob.key)
  for (const key of unused) await blobs.delete(key)
}
