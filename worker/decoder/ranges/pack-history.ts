import {
  type UnpackedProfiles,
  type NumberedContent,
  type NumberedInput,
  packBlocks,
  type PackingInput,
  packNumbered,
  rollUpDays,
  type RollUpInput,
} from '../../../history/index.ts'
import type { BlobStore, Packed, RolledUpDays } from '../../../store/index.ts'

/** Packs history in a process with `DECODER_MEMORY`: what a whole day took is free afterwards. */
export function packHistory(
  blobs: Pick<BlobStore, 'get' | 'put'> & {
    readonly unpacked: Pick<UnpackedProfiles, 'get' | 'forget'>
  },
) {
  /** Profiles that were packed are read from there. */
  const forget = ({ pending }: Pick<PackingInput, 'pending'>) =>
    blobs.unpacked.forget(pending.map(({ rawBlobKey }) => rawBlobKey))
  return {
    async pack(input: PackingInput): Promise<Packed> {
      const packed = await packBlocks(blobs, input)
      forget(input)
      if (input.isWholeDay) collectArrays()
      return packed
    },
    async packNumbered(input: NumberedInput): Promise<NumberedContent> {
      const content = await packNumbered(blobs, input)
      forget(input)
      return content
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
