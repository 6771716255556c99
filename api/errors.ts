/**
 * The catalogue of expected failures. `status` is the HTTP status; `retry` is whether the same work
 * may succeed later; `say` is the default message for people.
 */
export interface ErrorKind {
  readonly status: number
  readonly retry: 'never' | 'backoff'
  readonly say: string
}

export const ERRORS = {
  REQUEST_INVALID: { status: 400, retry: 'never', say: 'The request is malformed.' },
  SELECTOR_INVALID: { status: 400, retry: 'never', say: 'The selector cannot be read.' },
  BODY_MISSING: { status: 400, retry: 'never', say: 'The request has no body.' },
  UNAUTHENTICATED: {
    status: 401,
    retry: 'never',
    say: 'A token is required: send "Authorization: Bearer TOKEN".',
  },
  SIGN_IN_FAILED: {
    status: 403,
    retry: 'never',
    say: 'The identity provider did not confirm the sign-in.',
  },
  FORBIDDEN: { status: 403, retry: 'never', say: 'The token does not allow this.' },
  NOT_SHARED: { status: 403, retry: 'never', say: 'The link does not show this.' },
  CROSS_SITE: {
    status: 403,
    retry: 'never',
    say: 'Requests from other web sites may not change anything here.',
  },
  NOT_FOUND: { status: 404, retry: 'never', say: 'There is nothing at this address.' },
  CAPTURE_NOT_FOUND: { status: 404, retry: 'never', say: 'There is no capture with this id.' },
  FILE_NOT_FOUND: { status: 404, retry: 'never', say: 'The capture has no file of this name.' },
  PROFILE_NOT_FOUND: { status: 404, retry: 'never', say: 'There is no profile with this id.' },
  TARGET_NOT_FOUND: { status: 404, retry: 'never', say: 'There is no target of this name.' },
  SCHEDULE_NOT_FOUND: { status: 404, retry: 'never', say: 'There is no schedule of this name.' },
  RULE_NOT_FOUND: { status: 404, retry: 'never', say: 'There is no rule with this id.' },
  TOKEN_NOT_FOUND: { status: 404, retry: 'never', say: 'There is no token with this id.' },
  LINK_NOT_FOUND: { status: 404, retry: 'never', say: 'There is no such link.' },
  RANGE_EMPTY: {
    status: 404,
    retry: 'never',
    say: 'History has no profile that the selector matches in this time.',
  },
  REQUESTS_UNKNOWN: {
    status: 404,
    retry: 'never',
    say: 'The captures of this time do not say how many requests their processes served: two captures of one process with its metrics do.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    retry: 'never',
    say: 'This address does not support this method.',
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
  FINDING_NOT_FOUND: { status: 404, retry: 'never', say: 'There is no such finding.' },
  FINDING_RESOLVED: {
    status: 409,
    retry: 'never',
    say: 'The finding is resolved; it opens again when a capture shows it.',
  },
  CAPTURE_FINISHED: { status: 409, retry: 'never', say: 'The capture has already ended.' },
  PROFILE_IN_USE: {
    status: 409,
    retry: 'never',
    say: 'A link shares the profile; revoke the link first.',
  },
  CAPTURE_IN_USE: {
    status: 409,
    retry: 'never',
    say: 'A link shares a profile of the capture; revoke the link first.',
  },
  SPACE_EXISTS: { status: 409, retry: 'never', say: 'A space of this name already exists.' },
  TARGET_EXISTS: { status: 409, retry: 'never', say: 'A target of this name already exists.' },
  TARGET_OF_FILE: {
    status: 409,
    retry: 'never',
    say: 'The target is defined in the targets file; change it there.',
  },
  LINK_GONE: { status: 410, retry: 'never', say: 'The link no longer works.' },
  UPLOAD_TOO_LARGE: { status: 413, retry: 'never', say: 'The upload is too large.' },
  UNSUPPORTED_ENCODING: {
    status: 415,
    retry: 'never',
    say: 'The compression is not supported by pprof; send gzip or plain bytes.',
  },
  NOT_A_PROFILE: { status: 415, retry: 'never', say: 'The bytes are not a profile.' },
  HOST_NOT_ALLOWED: {
    status: 421,
    retry: 'never',
    say: 'The server does not accept this host name; add it to server.allowedHosts.',
  },
  BUNDLE_INVALID: {
    status: 422,
    retry: 'never',
    say: 'The bytes are not a bundle: a tar, compressed by gzip or zstd or not, of the files of one capture.',
  },
  CAPTURE_FAILED: {
    status: 422,
    retry: 'never',
    say: 'No part of the capture can be judged.',
  },
  PROFILE_INVALID: { status: 422, retry: 'never', say: 'The bytes are not a pprof profile.' },
  RANGE_TOO_LARGE: {
    status: 413,
    retry: 'never',
    say: 'The range has more data than a setting allows.',
  },
  PROFILE_TOO_LARGE: { status: 422, retry: 'never', say: 'The profile is larger than the limits.' },
  PROFILE_QUARANTINED: {
    status: 422,
    retry: 'never',
    say: 'The profile crashed its decoder three times and was quarantined.',
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
    say: 'An unexpected error in kubeprof; the log has details under this request id.',
  },
  BLOB_CORRUPT: {
    status: 500,
    retry: 'never',
    say: 'The stored bytes are not the bytes that were uploaded.',
  },
  VIEW_FAILED: {
    status: 500,
    retry: 'never',
    say: 'Computing the view made its process crash; the log has details under this request id.',
  },
  BLOB_MISSING: { status: 500, retry: 'never', say: 'The stored bytes are missing.' },
  PROFILE_KIND_UNKNOWN: {
    status: 502,
    retry: 'never',
    say: 'The target does not serve this profile.',
  },
  PROFILE_TRUNCATED: {
    status: 502,
    retry: 'backoff',
    say: 'The target closed the connection before its response was complete.',
  },
  TARGET_ADDRESS_DENIED: {
    status: 403,
    retry: 'never',
    say: 'The address of the target is not allowed; see network.allow.',
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
    say: 'The target does not allow this with these credentials.',
  },
  TARGET_INVALID: {
    status: 422,
    retry: 'never',
    say: 'The definition of the target is invalid.',
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
    say: 'The target answered with a redirect, and redirects are not followed.',
  },
  TARGET_RESPONSE_INVALID: {
    status: 502,
    retry: 'never',
    say: 'The response of the target is not what was requested.',
  },
  TARGET_THROTTLED: {
    status: 502,
    retry: 'backoff',
    say: 'The target is overloaded.',
  },
  TARGET_TIMEOUT: { status: 504, retry: 'backoff', say: 'The target did not answer in time.' },
  TARGET_TLS: {
    status: 502,
    retry: 'never',
    say: 'TLS with the target failed: a certificate was not trusted.',
  },
  TARGET_UNAUTHENTICATED: {
    status: 502,
    retry: 'never',
    say: 'The target does not accept these credentials.',
  },
  TARGET_UNREACHABLE: { status: 502, retry: 'backoff', say: 'The target cannot be reached.' },
  TARGET_WRITE_TIMEOUT: {
    status: 502,
    retry: 'backoff',
    say: 'The target ends responses before a profile of this duration is complete.',
  },
  VERBOSITY_UNKNOWN: {
    status: 422,
    retry: 'never',
    say: 'The log level to restore is unknown, so the level is not raised.',
  },
  OVERLOADED: { status: 503, retry: 'backoff', say: 'The server is busy; try again in a moment.' },
  SHUTTING_DOWN: { status: 503, retry: 'backoff', say: 'The server is shutting down.' },
  STORAGE_FULL: { status: 503, retry: 'backoff', say: 'The data directory is full.' },
  STORAGE_FAILED: { status: 503, retry: 'backoff', say: 'The data directory cannot be written.' },
  BLOB_STORE_UNAVAILABLE: {
    status: 503,
    retry: 'backoff',
    say: 'The store of bytes does not answer.',
  },
  HISTORY_UNAVAILABLE: {
    status: 503,
    retry: 'backoff',
    say: 'The database of history does not answer.',
  },
  HISTORY_INCOMPLETE: {
    status: 503,
    retry: 'backoff',
    say: 'The database of history lacks profiles of the range.',
  },
  DATABASE_UNAVAILABLE: {
    status: 503,
    retry: 'backoff',
    say: 'The database does not answer.',
  },
  CAPTURE_MISSED: {
    status: 503,
    retry: 'never',
    say: 'No collector was free to take the capture in time; the schedule continues.',
  },
  COLLECTOR_ABSENT: {
    status: 503,
    retry: 'backoff',
    say: 'No collector answered; check that one is running (kubeprof serve --roles collect).',
  },
  COLLECTOR_GONE: {
    status: 503,
    retry: 'backoff',
    say: 'The collector stopped before the capture was complete; the parts taken are kept.',
  },
  QUEUE_UNAVAILABLE: { status: 503, retry: 'backoff', say: 'The queue does not answer.' },
  VIEW_TIMEOUT: {
    status: 503,
    retry: 'backoff',
    say: 'Computing the view took too long; narrow it by a filter.',
  },
} as const satisfies Record<string, ErrorKind>

export type ErrorCode = keyof typeof ERRORS

export interface AppErrorOptions {
  /** A sentence for people, more specific than the catalogue's. */
  readonly message?: string
  /**
   * For programs: `reason`, `offsetBytes`, the parameter's name. Never contains secrets or profile
   * contents.
   */
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
