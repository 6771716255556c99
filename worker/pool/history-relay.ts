import { AppError } from '../../api/errors.ts'
import type { HistoryQuestion } from '../../history/index.ts'
import { type Refusal, toRefusal } from './decoder-task.ts'

/** A question of a decoder process, which has no access to ClickHouse itself. */
export interface HistoryRequest {
  readonly kind: 'history'
  readonly id: number
  readonly question: HistoryQuestion
}

export type HistoryAnswer = { readonly kind: 'history'; readonly id: number } & (
  | { readonly bytes: Uint8Array }
  | { readonly refusal: Refusal }
)

/** Puts a question to ClickHouse. Throws HISTORY_UNAVAILABLE. */
export type AnswerHistory = (question: HistoryQuestion) => Promise<Uint8Array>

/** Answers decoder processes, so that no credentials of ClickHouse are in them. Never rejects. */
export async function answerHistory(
  answer: AnswerHistory,
  { kind, id, question }: HistoryRequest,
): Promise<HistoryAnswer> {
  try {
    return { kind, id, bytes: await answer(question) }
  } catch (error) {
    const known = error instanceof AppError ? error : new AppError('HISTORY_UNAVAILABLE')
    return { kind, id, refusal: toRefusal(known) }
  }
}

/** Whether a message of a decoder process is such a request. The process runs our own code. */
export function isHistoryRequest(message: unknown): message is HistoryRequest {
  return isHistoryMessage(message) && 'question' in message
}

export function isHistoryAnswer(message: unknown): message is HistoryAnswer {
  return isHistoryMessage(message) && ('bytes' in message || 'refusal' in message)
}

function isHistoryMessage(message: unknown): message is { readonly kind: 'history' } {
  return (
    typeof message === 'object' &&
    message !== null &&
    'kind' in message &&
    message.kind === 'history'
  )
}
