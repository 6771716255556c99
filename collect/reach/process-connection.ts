import type { ProcessAddress } from '../../store/index.ts'
import type { IncomingHttpHeaders } from 'node:http'

/** The limits of one request. */
export interface RequestLimits {
  /** Until the first byte of the answer: a CPU profile is sent after it was measured. */
  readonly headersMsMax: number
  /** Of the whole request. */
  readonly wholeMsMax: number
  /** Of the body, as sent. */
  readonly bytesMax: number
}

export interface ProcessAnswer {
  readonly status: number
  readonly statusText: string
  readonly headers: IncomingHttpHeaders
  /** Must be read to its end or returned. Throws PROFILE_TRUNCATED, PROFILE_TOO_LARGE or TARGET_TIMEOUT. */
  readonly body: AsyncIterable<Uint8Array>
}

/** One process, while it is being captured. No redirect is followed. */
export interface ProcessConnection {
  readonly address: ProcessAddress
  /**
   * `path` begins with, for example, `/debug/pprof/` or `/metrics`; the prefix of the process is put before it. Throws
   * connection errors: TARGET_UNREACHABLE, TARGET_TLS, TARGET_TIMEOUT, TARGET_ADDRESS_DENIED, TARGET_CREDENTIALS.
   * Returns answers with any status.
   */
  get(path: string, limits: RequestLimits, signal?: AbortSignal): Promise<ProcessAnswer>
  /** Sends `body` as plain text. */
  put(
    path: string,
    body: string,
    limits: RequestLimits,
    signal?: AbortSignal,
  ): Promise<ProcessAnswer>
  /** Text that the process answered, without the credentials that were sent to it. */
  redact(text: string): Promise<string>
  /** Warnings for the operator: for example that the certificate is not verified. */
  readonly warnings: readonly string[]
  close(): void
}
