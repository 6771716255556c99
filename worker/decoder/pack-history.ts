import { packBlocks, type PackingInput, rollUpDays, type RollUpInput } from '../../history/index.ts'
import type { BlobStore, Packed, RolledUpDays } from '../../store/index.ts'

/** Packs history in a process with `DECODER_MEMORY`: what a whole day took is free afterwards. */
export function packDays(blobs: Pick<BlobStore, 'get' | 'put'>) {
  return {
    async pack(input: PackingInput): Promise<Packed> {
      const packed = await packBlocks(blobs, input)
      if (input.isWholeDay) collectArrays()
      return packed
    },
    async rollUp(input: RollUpInput): Promise<RolledUpDays> {
      const rolledUp = await rollUpDays(blobs, input)
      collectArrays()
      return rolledUp
    },
  }
}

/** The engine does not see how much memory arrays hold outside of its heap. */
function collectArrays(): void {
  globalThis.gc?.()
}
