import { AppError, type ErrorCode } from '../../../api/errors.ts'
import { statusMessage } from '../net/status-message.ts'
import { type AccessRight, grantOf, rightOfRefusal } from './access-right.ts'

/** The error for an answer other than 2xx of a Kubernetes API server. `aim` follows "to": `list the nodes`. */
export function apiRefusal(
  status: number,
  body: string,
  { who, aim }: { readonly who: string; readonly aim: string },
): AppError {
  const answerText = statusMessage(body) ?? ''
  const what = `${who} answered ${status} when asked to ${aim}${answerText === '' ? '' : `: ${answerText}`}`
  if (status === 401) {
    const message = `${who} does not accept the credentials (401) when asked to ${aim}.`
    return new AppError('TARGET_UNAUTHENTICATED', { message })
  }
  if (status === 403) return forbidden(what, answerText)
  return new AppError(codeOf(status), { message: `${what}.`, details: { status } })
}

/** TARGET_FORBIDDEN with the missing right and the rule that grants it. */
export function forbidden(what: string, answerText: string): AppError {
  const right: AccessRight | null = rightOfRefusal(answerText)
  if (answerText.includes('system:anonymous')) {
    return new AppError('TARGET_FORBIDDEN', {
      message: `${what}. No credentials were given, or they are not known there.`,
    })
  }
  if (right === null) return new AppError('TARGET_FORBIDDEN', { message: `${what}.` })
  const { text, role } = grantOf(right)
  return new AppError('TARGET_FORBIDDEN', {
    message: `${what}. A ${role} grants it with the rule ${text}`,
    details: { ...right, rule: text },
  })
}

function codeOf(status: number): ErrorCode {
  if (status === 429) return 'TARGET_THROTTLED'
  return status >= 500 ? 'TARGET_UNREACHABLE' : 'TARGET_RESPONSE_INVALID'
}
