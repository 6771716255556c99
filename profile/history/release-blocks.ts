import type { Block } from './block.ts'
import { release } from '../columns/growing-column.ts'

/** Smaller memory may be part of what others use. */
const SHARED_BYTES_MIN = 128 * 1024

/**
 * Frees the large arrays of blocks now rather than when the engine next collects them, which does not see how much memory
 * they hold. Afterwards neither these blocks nor others that share their tables may be read.
 */
export function releaseBlocks(blocks: readonly Block[]): void {
  for (const { tables, members } of blocks) {
    const { stacks, samples, frames, locations } = tables
    release(stacks.parent)
    release(stacks.frame)
    release(samples.stack)
    release(samples.labelSet)
    release(frames.location)
    release(frames.func)
    release(locations.mapping)
    release(locations.frameStart)
    // Columns that were read lie in the bytes of their block.
    const buffer = members[0]?.column.buffer
    if (buffer instanceof ArrayBuffer && buffer.byteLength >= SHARED_BYTES_MIN) buffer.transfer(0)
  }
}
