import { ServerError } from './call-server.ts'

const TIMES_MAX = 2
/** Longer than this nobody watches a page that loads. */
const WAIT_MS_MAX = 10_000

/** Whether a request is made again by itself: when the server was busy or unreachable. Other errors would be the same again. */
export function isAskedAgain(failureCount: number, error: Error): boolean {
  if (failureCount >= TIMES_MAX) return false
  if (!(error instanceof ServerError)) return true
  const isBusy = error.status >= 500 || error.status === 429
  return isBusy && (error.retryAfterMs ?? 0) <= WAIT_MS_MAX
}

/** As long as the server asks for, and longer after each failure. */
export function askAgainAfterMs(failureCount: number, error: Error): number {
  const asked = error instanceof ServerError ? (error.retryAfterMs ?? 0) : 0
  return Math.max(asked, 1000 * 2 ** failureCount)
}
