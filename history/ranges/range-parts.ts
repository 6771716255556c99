import { releaseBlocks } from '../../profile/index.ts'
import type { ReadBlobs } from '../blocks/read-blocks.ts'
import type { RangePlan } from '../plan.ts'
import { type LoadedBlocks, loadRange } from './load-range.ts'

/** What a range reads, in parts that have no process in common. */
export interface RangeParts {
  /** Whether what was read may be referred to afterwards. */
  readonly isKept: boolean
  /** Calls it for each part in turn, with what it reads shape by shape: where `isKept` is false, to be read until it returns. */
  each(work: (loaded: readonly LoadedBlocks[], part: number) => void): Promise<void>
}

/** More is read group by group, and again for each question: decoded it takes ten times as much memory. */
const KEPT_BYTES_MAX = 16 * 1024 * 1024

/** Reads a range, or finds that it is so large that it is read part by part. Throws the errors of `loadRange`. */
export async function openParts(
  blobs: ReadBlobs,
  plan: RangePlan,
  keptBytesMax = KEPT_BYTES_MAX,
): Promise<RangeParts> {
  const sizeBytes = plan.blocks.reduce((sum, block) => sum + block.sizeBytes, 0)
  if (sizeBytes <= keptBytesMax) return keptParts(await loadRange(blobs, plan))
  const groups = new Set([...plan.blocks, ...plan.pending].map(({ group }) => group))
  return {
    isKept: false,
    async each(work) {
      for (const [part, group] of [...groups].entries()) {
        const loaded = await loadRange(blobs, partOf(plan, group))
        work(loaded, part)
        releaseBlocks(loaded.flatMap(({ blocks }) => blocks))
      }
    },
  }
}

/** All that is read is there. */
export function keptParts(loaded: readonly LoadedBlocks[]): RangeParts {
  return {
    isKept: true,
    each(work) {
      work(loaded, 0)
      return Promise.resolve()
    },
  }
}

function partOf(plan: RangePlan, group: number): RangePlan {
  const isOwn = (one: { readonly group: number }) => one.group === group
  return { ...plan, blocks: plan.blocks.filter(isOwn), pending: plan.pending.filter(isOwn) }
}
