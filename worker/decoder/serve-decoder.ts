import { writeFileSync } from 'node:fs'
import { AppError } from '../../api/errors.ts'
import {
  DECODER_READY,
  type DecoderHandlers,
  type DecoderReply,
  type DecoderTask,
  type TaskKind,
  toRefusal,
} from '../pool/decoder-task.ts'

/**
 * The loop of a decoder process. What is not an AppError is a bug or a lack of memory: the process ends with it, so that
 * the parent counts it, and no later profile meets what it left behind.
 */
export function serveDecoder(handlers: DecoderHandlers): void {
  raiseOomScore()
  process.on('disconnect', () => process.exit(0))
  process.on('message', (task: DecoderTask) => {
    answer(handlers, task).then(
      (reply) => process.send?.(reply),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`, () =>
          process.exit(1),
        )
      },
    )
  })
  process.send?.(DECODER_READY)
}

async function answer<Kind extends TaskKind>(
  handlers: DecoderHandlers,
  task: DecoderTask<Kind>,
): Promise<DecoderReply<Kind>> {
  try {
    return { kind: task.kind, result: await handlers[task.kind](task) }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { kind: 'refused', refusal: toRefusal(error) }
  }
}

/** When the machine runs out of memory, this process is the one to go. */
function raiseOomScore(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000')
  } catch {
    // Not Linux, or not allowed: then the kernel chooses.
  }
}
