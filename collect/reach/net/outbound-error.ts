export type OutboundFault =
  | 'ADDRESS_DENIED'
  | 'CONNECT_TIMEOUT'
  | 'HEADERS_TIMEOUT'
  /** The server was silent, or the whole request took too long. */
  | 'BODY_TIMEOUT'
  | 'BODY_TOO_LARGE'
  /** The connection closed before the answer was complete. */
  | 'BODY_CUT'
  | 'REDIRECTED'

/** A failed request for which Node has no code. The message is a predicate whose subject is the server. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError'
  readonly code: OutboundFault

  constructor(code: OutboundFault, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
