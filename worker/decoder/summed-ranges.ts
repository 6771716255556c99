import {
  type LoadedBlocks,
  loadRange,
  type RangePlan,
  type SummedRange,
  sumByLabel,
  sumRange,
} from '../../history/index.ts'
import { type Profile, repairForViews } from '../../profile/index.ts'
import type { BlobStore } from '../../store/index.ts'

const ENTRIES_MAX = 4

export interface SumQuery {
  readonly si?: string
  readonly by?: string
}

/** A range as one profile. */
export interface SummedView extends SummedRange {
  /** The profile as views show it. */
  readonly repaired: () => Profile
}

/** The ranges used last, read and summed: a reader usually opens several views of one. */
export interface SummedRanges {
  load(plan: RangePlan): Promise<readonly LoadedBlocks[]>
  sum(plan: RangePlan, query: SumQuery): Promise<SummedView>
}

/** `load` and `sum` throw BLOB_MISSING or BLOB_CORRUPT, `sum` a SampleTypeError or ReportError. */
export function openSummedRanges(blobs: Pick<BlobStore, 'get'>): SummedRanges {
  const loaded = recentlyUsed<readonly LoadedBlocks[]>()
  const sums = recentlyUsed<SummedView>()
  const load = (plan: RangePlan) => loaded(JSON.stringify(plan), () => loadRange(blobs, plan))
  return {
    load,
    sum: (plan, { si = '', by }) =>
      sums(JSON.stringify([plan, si, by]), async () => {
        const blocks = await load(plan)
        const sum =
          by === undefined
            ? sumRange(blocks, si)
            : sumByLabel(blocks, plan, { sampleIndex: si, by })
        let repaired: Profile | null = null
        return { ...sum, repaired: () => (repaired ??= repairForViews(sum.profile)) }
      }),
  }
}

/** Keeps the few results that were used last. */
function recentlyUsed<Value>() {
  const entries = new Map<string, Value>()
  return async (key: string, make: () => Promise<Value>): Promise<Value> => {
    const known = entries.get(key)
    const value = known ?? (await make())
    entries.delete(key)
    for (const oldest of entries.keys()) {
      if (entries.size < ENTRIES_MAX) break
      entries.delete(oldest)
    }
    entries.set(key, value)
    return value
  }
}
