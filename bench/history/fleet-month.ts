import { openBlockReader, type RangePlan } from '../../history/index.ts'
import type { Profile } from '../../profile/index.ts'
import { DAY } from '../inputs/heavy-tail-day.ts'
import { memoryBlobs } from './memory-blobs.ts'

const DAY_MS = 86_400_000

/** As stored. */
export interface FleetBlocks {
  readonly month: Uint8Array
  /** Those that the range begins and ends in. */
  readonly days: readonly Uint8Array[]
}

/** A month of so many targets, each with blocks of its own, as a decoder process reads it: one target after the other. */
export async function fleetMonth(
  { month, days }: FleetBlocks,
  targets: number,
): Promise<() => Promise<Profile>> {
  const blobs = memoryBlobs()
  const blocks: RangePlan['blocks'][number][] = []
  for (let group = 0; group < targets; group++) {
    for (const bytes of [month, ...days]) {
      const { key: blobKey } = await blobs.put(bytes)
      blocks.push({ blobKey, sizeBytes: bytes.length, days: null, group })
    }
  }
  const plan = {
    blocks,
    pending: [],
    skippedIds: [],
    series: [{ id: 's', labels: {} }],
    fromMs: DAY.startMs + DAY_MS / 2,
    toMs: DAY.startMs + 31 * DAY_MS,
    staleCount: 0,
  }
  return async () => {
    const sum = await openBlockReader(blobs).sum(plan, { sampleIndex: 'cpu', by: null })
    return sum.profile
  }
}
