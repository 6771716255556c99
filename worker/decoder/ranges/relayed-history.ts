import { askParent } from '../ask-parent.ts'
import {
  type AnswerHistory,
  type HistoryRequest,
  isHistoryAnswer,
} from '../../pool/history-relay.ts'
import { fromRefusal } from '../../pool/decoder-task.ts'

/** ClickHouse as the parent process asks it. */
export function relayedHistory(): AnswerHistory {
  const ask = askParent(isHistoryAnswer)
  return async (question) => {
    const answer = await ask((id): HistoryRequest => ({ kind: 'history', id, question }))
    if ('refusal' in answer) throw fromRefusal(answer.refusal)
    return answer.bytes
  }
}
