import { writeFileSync } from 'node:fs'
import { AppError } from '../../api/errors.ts'
import { type BlobAnswer, isBlobAnswer } from '../pool/blob-relay.ts'
import { type HistoryAnswer, isHistoryAnswer } from '../pool/history-relay.ts'
import {
  DECODER_READY,
  type DecoderHandlers,
  type DecoderReply,
  type DecoderTask,
  type TaskKind,
  toRefusal,
} from '../pool/decoder-task.ts'

/**
 * The loop of a decoder process. An error other than AppError is a bug or out of memory: the
 * process ends, so that the parent counts a crash and the next profile gets a clean process.
 */
export function serveDecoder(handlers: DecoderHandlers): void {
  raiseOomScore()
  process.on('disconnect', () => process.exit(0))
  process.on('message', (task: DecoderTask | BlobAnswer | HistoryAnswer) => {
    if (isBlobAnswer(task) || isHistoryAnswer(task)) return
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

/** When the machine runs out of memory, the kernel kills this process first. */
function raiseOomScore(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000')
  } catch {
    // Not Linux or not permitted: the kernel keeps its default choice.
  }
}
