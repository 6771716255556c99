import {
  type AnswerHistory,
  type HistoryAnswer,
  type HistoryRequest,
  isHistoryAnswer,
} from '../pool/history-relay.ts'
import { fromRefusal } from '../pool/decoder-task.ts'

/** ClickHouse as the parent process asks it. */
export function relayedHistory(): AnswerHistory {
  const waiting = new Map<number, (answer: HistoryAnswer) => void>()
  let askedCount = 0
  process.on('message', (message: unknown) => {
    if (!isHistoryAnswer(message)) return
    waiting.get(message.id)?.(message)
    waiting.delete(message.id)
  })
  return async (question) => {
    const id = askedCount++
    const answered = new Promise<HistoryAnswer>((resolve) => waiting.set(id, resolve))
    const request: HistoryRequest = { kind: 'history', id, question }
    process.send?.(request)
    const answer = await answered
    if ('refusal' in answer) throw fromRefusal(answer.refusal)
    return answer.bytes
  }
}
