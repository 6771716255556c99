import type { ProcessAddress } from '../../store/index.ts'
import type { IncomingHttpHeaders } from 'node:http'

/** What one request may take. */
export interface RequestLimits {
  /** Until the first byte of the answer: a CPU profile answers when it is over. */
  readonly headersMsMax: number
  /** The whole of it. */
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
   * `path` begins with `/debug/pprof/`, `/metrics` or alike; the way to the process is put before it. Throws what
   * could not be reached: TARGET_UNREACHABLE, TARGET_TLS, TARGET_TIMEOUT, TARGET_ADDRESS_DENIED, TARGET_CREDENTIALS.
   * A status that is no 200 is an answer too.
   */
  get(path: string, limits: RequestLimits, signal?: AbortSignal): Promise<ProcessAnswer>
  /** Sends `body` as plain text. */
  put(
    path: string,
    body: string,
    limits: RequestLimits,
    signal?: AbortSignal,
  ): Promise<ProcessAnswer>
  /** What the process answered, without the credentials that it was sent. */
  redact(text: string): Promise<string>
  /** What the operator should know of this way: that a certificate is not verified. */
  readonly warnings: readonly string[]
  close(): void
}
