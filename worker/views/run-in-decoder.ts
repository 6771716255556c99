import { AppError } from '../../api/index.ts'
import { type BlobKey, type Integrity, reportedError } from '../../store/index.ts'
import type { DecoderPool } from '../pool/decoder-pool.ts'
import { DecoderDied } from '../pool/decoder-process.ts'
import type { DecoderTask, ResultOf } from '../pool/decoder-task.ts'
import { withDecoder } from '../pool/with-decoder.ts'

export interface DecoderNeeds {
  readonly pool: Pick<DecoderPool, 'take'>
  readonly viewMsMax: number
  readonly integrity: Pick<Integrity, 'report'>
}

/**
 * Runs a task for a waiting caller in a decoder process, preferring one that has the profile of this blob
 * decoded. Throws the AppError of a refused task, VIEW_TIMEOUT, OVERLOADED or SHUTTING_DOWN; and
 * PROFILE_NOT_READY when damaged columns are computed again.
 */
export async function runInDecoder<Task extends DecoderTask>(
  { pool, viewMsMax, integrity }: DecoderNeeds,
  task: Task,
  key: BlobKey | null = null,
): Promise<ResultOf<Task>> {
  try {
    return await withDecoder(pool.take(key), task, { msMax: viewMsMax })
  } catch (error) {
    throw error instanceof DecoderDied ? viewDied(error) : await reportedError(integrity, error)
  }
}

function viewDied(cause: DecoderDied): AppError {
  if (cause.reason === 'timeout') return new AppError('VIEW_TIMEOUT', { cause })
  if (cause.reason === 'cancelled') return new AppError('SHUTTING_DOWN', { cause })
  if (cause.reason === 'start') return new AppError('OVERLOADED', { cause })
  if (cause.reason === 'crash') return new AppError('VIEW_FAILED', { cause })
  return new AppError('VIEW_TIMEOUT', {
    message: 'Computing the view took too much memory; narrow it by a filter.',
    cause,
  })
}
