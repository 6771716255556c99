import type { Decoder } from './decoder-pool.ts'
import type { RunOptions } from './decoder-process.ts'
import type { DecoderTask, ResultOf } from './decoder-task.ts'

/**
 * Has a decoder do one task, and gives it back. Throws the AppError of a task that was refused, DecoderDied, and what
 * taking a decoder throws.
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
