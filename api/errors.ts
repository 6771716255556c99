/**
 * The one catalogue of expected failures. `status` answers over HTTP; `retry` tells the queue whether the same work may
 * succeed later; `say` is the sentence a person reads when nothing more exact is known.
 */
export interface ErrorKind {
  readonly status: number
  readonly retry: 'never' | 'backoff'
  readonly say: string
}

export const ERRORS = {
  REQUEST_INVALID: { status: 400, retry: 'never', say: 'The request is not well formed.' },
  BODY_MISSING: { status: 400, retry: 'never', say: 'The request has no body.' },
  UNAUTHENTICATED: {
    status: 401,
    retry: 'never',
    say: 'This needs a token: send "Authorization: Bearer TOKEN".',
  },
  FORBIDDEN: { status: 403, retry: 'never', say: 'The token does not allow this.' },
  CROSS_SITE: {
    status: 403,
    retry: 'never',
    say: 'Another web site may not change anything here.',
  },
  NOT_FOUND: { status: 404, retry: 'never', say: 'There is nothing at this address.' },
  CAPTURE_NOT_FOUND: { status: 404, retry: 'never', say: 'There is no capture with this id.' },
  FILE_NOT_FOUND: { status: 404, retry: 'never', say: 'The capture has no file of this name.' },
  PROFILE_NOT_FOUND: { status: 404, retry: 'never', say: 'There is no profile with this id.' },
  TARGET_NOT_FOUND: { status: 404, retry: 'never', say: 'There is no target of this name.' },
  SCHEDULE_NOT_FOUND: { status: 404, retry: 'never', say: 'There is no schedule of this name.' },
  RULE_NOT_FOUND: { status: 404, retry: 'never', say: 'There is no rule with this id.' },
  LINK_NOT_FOUND: { status: 404, retry: 'never', say: 'There is no such link.' },
  METHOD_NOT_ALLOWED: {
    status: 405,
    retry: 'never',
    say: 'This address does not answer to this method.',
  },
  REQUEST_TIMEOUT: { status: 408, retry: 'backoff', say: 'The request came too slowly.' },
  PROFILE_NOT_READY: {
    status: 409,
    retry: 'backoff',
    say: 'The profile is still being analysed; ask again in a moment.',
  },
  CAPTURE_NOT_READY: {
    status: 409,
    retry: 'backoff',
    say: 'The capture is still being taken or analysed; ask again in a moment.',
  },
  CAPTURE_FINISHED: { status: 409, retry: 'never', say: 'The capture is over already.' },
  CAPTURE_IN_USE: {
    status: 409,
    retry: 'never',
    say: 'A link shares a profile of the capture; revoke the link first.',
  },
  TARGET_EXISTS: { status: 409, retry: 'never', say: 'There is a target of this name.' },
  TARGET_OF_FILE: {
    status: 409,
    retry: 'never',
    say: 'The target stands in the targets file; change it there.',
  },
  LINK_GONE: { status: 410, retry: 'never', say: 'The link does not work any more.' },
  UPLOAD_TOO_LARGE: { status: 413, retry: 'never', say: 'The upload is too large.' },
  UNSUPPORTED_ENCODING: {
    status: 415,
    retry: 'never',
    say: 'The bytes are compressed in a way that pprof does not use; send gzip or plain bytes.',
  },
  NOT_A_PROFILE: { status: 415, retry: 'never', say: 'The bytes are no profile.' },
  HOST_NOT_ALLOWED: {
    status: 421,
    retry: 'never',
    say: 'The server does not answer under this host name; add it to server.allowedHosts.',
  },
  BUNDLE_INVALID: {
    status: 422,
    retry: 'never',
    say: 'The bytes are no bundle: a tar, gzipped or not, of the files of one capture.',
  },
  CAPTURE_FAILED: {
    status: 422,
    retry: 'never',
    say: 'Nothing of the capture can be judged.',
  },
  PROFILE_INVALID: { status: 422, retry: 'never', say: 'The bytes are not a pprof profile.' },
  PROFILE_TOO_LARGE: { status: 422, retry: 'never', say: 'The profile is larger than the limits.' },
  PROFILE_QUARANTINED: {
    status: 422,
    retry: 'never',
    say: 'The profile stopped its decoder three times and was set aside.',
  },
  PATTERN_INVALID: {
    status: 422,
    retry: 'never',
    say: 'The pattern is not a valid regular expression (RE2 syntax).',
  },
  VIEW_INVALID: { status: 422, retry: 'never', say: 'The profile has no such view.' },
  RATE_LIMITED: { status: 429, retry: 'backoff', say: 'Too many requests; wait and try again.' },
  HEADERS_TOO_LARGE: { status: 431, retry: 'never', say: 'The request headers are too large.' },
  INTERNAL: {
    status: 500,
    retry: 'backoff',
    say: 'Something went wrong in kubeprof; the log has more under this request id.',
  },
  BLOB_CORRUPT: {
    status: 500,
    retry: 'never',
    say: 'The stored bytes are not the bytes that were uploaded.',
  },
  BLOB_MISSING: { status: 500, retry: 'never', say: 'The stored bytes are gone.' },
  PROFILE_KIND_UNKNOWN: {
    status: 502,
    retry: 'never',
    say: 'The target knows no such profile.',
  },
  PROFILE_TRUNCATED: {
    status: 502,
    retry: 'backoff',
    say: 'The target closed the connection before its answer was whole.',
  },
  TARGET_ADDRESS_DENIED: {
    status: 403,
    retry: 'never',
    say: 'The target has an address that may not be asked; see network.allow.',
  },
  TARGET_BUSY: {
    status: 502,
    retry: 'backoff',
    say: 'Someone else is profiling the target.',
  },
  TARGET_CREDENTIALS: {
    status: 502,
    retry: 'never',
    say: 'The credentials for the target cannot be read.',
  },
  TARGET_FORBIDDEN: {
    status: 502,
    retry: 'never',
    say: 'The target does not allow this to the credentials it was shown.',
  },
  TARGET_INVALID: {
    status: 422,
    retry: 'never',
    say: 'The target is not described as it should be.',
  },
  TARGET_NO_PROCESS: {
    status: 502,
    retry: 'backoff',
    say: 'No process of this target was found.',
  },
  TARGET_PROFILING_DISABLED: {
    status: 502,
    retry: 'never',
    say: 'The target has profiling switched off.',
  },
  TARGET_REDIRECTED: {
    status: 502,
    retry: 'never',
    say: 'The target sends elsewhere, and redirects are not followed.',
  },
  TARGET_RESPONSE_INVALID: {
    status: 502,
    retry: 'never',
    say: 'The target answered something else than was asked for.',
  },
  TARGET_THROTTLED: {
    status: 502,
    retry: 'backoff',
    say: 'The target has too much to do to answer.',
  },
  TARGET_TIMEOUT: { status: 504, retry: 'backoff', say: 'The target did not answer in time.' },
  TARGET_TLS: {
    status: 502,
    retry: 'never',
    say: 'The target and kubeprof do not trust each other over TLS.',
  },
  TARGET_UNAUTHENTICATED: {
    status: 502,
    retry: 'never',
    say: 'The target does not accept the credentials it was shown.',
  },
  TARGET_UNREACHABLE: { status: 502, retry: 'backoff', say: 'The target cannot be reached.' },
  TARGET_WRITE_TIMEOUT: {
    status: 502,
    retry: 'backoff',
    say: 'The target ends answers before a profile of so many seconds is over.',
  },
  VERBOSITY_UNKNOWN: {
    status: 422,
    retry: 'never',
    say: 'The log level to go back to is not known, so it is not raised.',
  },
  OVERLOADED: { status: 503, retry: 'backoff', say: 'The server is busy; try again in a moment.' },
  SHUTTING_DOWN: { status: 503, retry: 'backoff', say: 'The server is shutting down.' },
  STORAGE_FULL: { status: 503, retry: 'backoff', say: 'The data directory is full.' },
  STORAGE_FAILED: { status: 503, retry: 'backoff', say: 'The data directory cannot be written.' },
  DATABASE_UNAVAILABLE: {
    status: 503,
    retry: 'backoff',
    say: 'The database does not answer.',
  },
  CAPTURE_MISSED: {
    status: 503,
    retry: 'never',
    say: 'No collector had room for the capture in its time; the schedule goes on.',
  },
  COLLECTOR_ABSENT: {
    status: 503,
    retry: 'backoff',
    say: 'No collector has answered: none may be running (kubeprof serve --roles collect).',
  },
  COLLECTOR_GONE: {
    status: 503,
    retry: 'backoff',
    say: 'The collector was gone before the capture was over; what it had taken is kept.',
  },
  QUEUE_UNAVAILABLE: { status: 503, retry: 'backoff', say: 'The queue does not answer.' },
  VIEW_TIMEOUT: {
    status: 503,
    retry: 'backoff',
    say: 'The view took too long to compute; narrow it by a filter.',
  },
} as const satisfies Record<string, ErrorKind>

export type ErrorCode = keyof typeof ERRORS

export interface AppErrorOptions {
  /** A sentence for people, more exact than the catalogue's. */
  readonly message?: string
  /** For machines: `reason`, `offsetBytes`, the parameter's name. Never holds secrets or profile contents. */
  readonly details?: Readonly<Record<string, unknown>>
  readonly retryAfterSeconds?: number
  readonly cause?: unknown
}

/** An expected failure, named by a code of the catalogue. Anything else that is thrown is a bug. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly details: Readonly<Record<string, unknown>> | null
  readonly retryAfterSeconds: number | null

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    super(
      options.message ?? ERRORS[code].say,
      options.cause === undefined ? undefined : { cause: options.cause },
    )
    this.code = code
    this.details = options.details ?? null
    this.retryAfterSeconds = options.retryAfterSeconds ?? null
  }
}

export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERRORS, text)
}
