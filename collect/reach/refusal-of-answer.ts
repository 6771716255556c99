import { AppError, type ErrorCode } from '../../api/errors.ts'
import { forbidden } from './kube/api-refusal.ts'
import { oneLine, statusMessage } from './net/status-message.ts'
import { readHead } from './net/http-client.ts'
import type { ProcessAnswer, ProcessConnection } from './process-connection.ts'

const HEAD_BYTES_MAX = 64 * 1024

/** Reads an answer other than 200 and returns the error that it means. */
export async function readRefusal(
  connection: ProcessConnection,
  path: string,
  answer: ProcessAnswer,
): Promise<AppError> {
  const { component, instance } = connection.address
  const head = await readHead(answer.body, HEAD_BYTES_MAX)
  return refusalOfAnswer({
    ...answer,
    head: await connection.redact(head.toString()),
    who: `${component ?? 'The process'} at ${oneLine(instance)}`,
    path,
  })
}

interface RefusedAnswer extends Pick<ProcessAnswer, 'status' | 'statusText' | 'headers'> {
  /** The first bytes of the body. */
  readonly head: string
  /** Begins the sentence: `kube-apiserver at 10.0.0.1:6443`. */
  readonly who: string
  /** The requested path, without the query. */
  readonly path: string
}

const RETRY_SECONDS_MAX = 60

function refusalOfAnswer(answer: RefusedAnswer): AppError {
  const { status, headers, head, who, path } = answer
  // The text of an HTML page is not useful in a message: no HTML was requested.
  const isPage = /html/.test(headers['content-type'] ?? '') || /^\s*</.test(head)
  const answerText = statusMessage(head) ?? (isPage ? '' : oneLine(head))
  const answered = `${who} answered ${status} to ${path}`
  const what = answerText === '' ? answered : `${answered}: ${answerText}`
  if (status === 403) return forbidden(what, answerText)
  const isOfPprof = headers['x-go-pprof'] !== undefined
  const { code, hint } = meaningOf(status, { answerText, isOfPprof, path })
  const retryAfter = Number(headers['retry-after'] ?? Number.NaN)
  return new AppError(code, {
    message: `${what.replace(/\.$/, '')}.${hint === '' ? '' : ` ${hint}`}`,
    details: { status, path },
    ...(retryAfter >= 0 ? { retryAfterSeconds: Math.min(retryAfter, RETRY_SECONDS_MAX) } : {}),
  })
}

interface Meaning {
  readonly code: ErrorCode
  readonly hint: string
}

interface Refusal {
  readonly answerText: string
  readonly isOfPprof: boolean
  readonly path: string
}

function meaningOf(status: number, { answerText, isOfPprof, path }: Refusal): Meaning {
  if (status === 401) {
    return {
      code: 'TARGET_UNAUTHENTICATED',
      hint: 'The credentials are missing or no longer good.',
    }
  }
  if (status >= 300 && status < 400) {
    return {
      code: 'TARGET_REDIRECTED',
      hint: 'Redirects are not followed: name the address itself.',
    }
  }
  if (status === 404 && isOfPprof) {
    return { code: 'PROFILE_KIND_UNKNOWN', hint: 'This process has no such profile.' }
  }
  if (status === 404 && !path.includes('/pprof')) {
    return { code: 'TARGET_RESPONSE_INVALID', hint: 'This process has no such page.' }
  }
  if (status === 404 || (status === 405 && /disabled/.test(answerText))) {
    return { code: 'TARGET_PROFILING_DISABLED', hint: DISABLED }
  }
  if (status === 400 && /WriteTimeout/.test(answerText)) {
    return { code: 'TARGET_WRITE_TIMEOUT', hint: 'It is asked for fewer seconds.' }
  }
  if (/profiling already in use|already enabled|is already/.test(answerText) && status === 500) {
    return { code: 'TARGET_BUSY', hint: 'Someone else is profiling it just now.' }
  }
  if (status === 503 && /error trying to reach service|proxy error/.test(answerText)) {
    return { code: 'TARGET_UNREACHABLE', hint: '' }
  }
  if (status === 429 || status === 503) return { code: 'TARGET_THROTTLED', hint: '' }
  if (status === 502 || status === 504) return { code: 'TARGET_UNREACHABLE', hint: '' }
  return { code: 'TARGET_RESPONSE_INVALID', hint: '' }
}

const DISABLED =
  'Profiling is switched off there (--profiling=false, enableProfilingHandler: false, no --enable-pprof), or it has another path.'
