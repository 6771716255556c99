import type { Decoder } from './decoder-pool.ts'
import type { RunOptions } from './decoder-process.ts'
import type { DecoderTask, ResultOf } from './decoder-task.ts'

/**
 * Runs one task in a decoder and releases it. Throws the AppError of a refused task, DecoderDied,
 * and the errors of taking a decoder.
 */
export async function withDecoder<Task extends DecoderTask>(
  taken: Promise<Decoder>,
  task: Task,
  options: RunOptions,
): Promise<ResultOf<Task>> {
  const decoder = await taken
  try {
    return await decoder.run(task, options)
  } finally {
    decoder.giveBack()
  }
}
