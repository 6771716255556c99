import { AppError, type TraceReply } from '../../api/index.ts'
import type { CaptureStore } from '../../store/index.ts'
import { type DecoderNeeds, runInDecoder } from './run-in-decoder.ts'

export interface TraceNeeds extends DecoderNeeds {
  readonly captures: Pick<CaptureStore, 'listFiles'>
}

/** Sums up execution traces in the decoder processes. */
export function openTraceSummariser({ captures, ...needs }: TraceNeeds) {
  return {
    async summariseTrace(captureId: string): Promise<TraceReply> {
      const file = (await captures.listFiles(captureId)).find(({ kind }) => kind === 'trace')
      if (file === undefined) {
        throw new AppError('FILE_NOT_FOUND', { message: 'The capture has no execution trace.' })
      }
      const task = { kind: 'trace', blobKey: file.blobKey } as const
      return { fileName: file.name, ...(await runInDecoder(needs, task)) }
    },
  }
}
