import { AppError, type TraceReply } from '../../api/index.ts'
import type { CaptureStore } from '../../store/index.ts'
import type { DecoderPool } from '../pool/decoder-pool.ts'
import { DecoderDied } from '../pool/decoder-process.ts'
import { fromRefusal } from '../pool/decoder-task.ts'
import { viewDied } from './pooled-view-computer.ts'

export interface TraceNeeds {
  readonly captures: Pick<CaptureStore, 'listFiles'>
  readonly pool: Pick<DecoderPool, 'take'>
  readonly viewMsMax: number
}

/** Sums up execution traces in the decoder processes. */
export function openTraceSummariser({ captures, pool, viewMsMax }: TraceNeeds) {
  return {
    async summariseTrace(captureId: string): Promise<TraceReply> {
      const file = (await captures.listFiles(captureId)).find(({ kind }) => kind === 'trace')
      if (file === undefined) {
        throw new AppError('FILE_NOT_FOUND', { message: 'The capture has no execution trace.' })
      }
      const decoder = await pool.take(null)
      try {
        const task = { kind: 'trace', blobKey: file.blobKey } as const
        const reply = await decoder.run(task, { msMax: viewMsMax })
        if (reply.kind === 'refused') throw fromRefusal(reply.refusal)
        if (!isSummary(reply.result)) throw new TypeError('the decoder sent no account of a trace')
        return { fileName: file.name, ...reply.result }
      } catch (error) {
        throw error instanceof DecoderDied ? viewDied(error) : error
      } finally {
        decoder.giveBack()
      }
    },
  }
}

/** The decoder process runs our own code; this only tells apart what could be mixed up. */
function isSummary(result: unknown): result is Omit<TraceReply, 'fileName'> {
  return typeof result === 'object' && result !== null && 'goroutineCount' in result
}
