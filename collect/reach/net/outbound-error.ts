export type OutboundFault =
  | 'ADDRESS_DENIED'
  | 'CONNECT_TIMEOUT'
  | 'HEADERS_TIMEOUT'
  /** Silence, or the whole took too long. */
  | 'BODY_TIMEOUT'
  | 'BODY_TOO_LARGE'
  /** The connection ended before the answer was whole. */
  | 'BODY_CUT'
  | 'REDIRECTED'

/** A request went wrong in a way that Node has no code for. The message is half a sentence about who was asked. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError'
  readonly code: OutboundFault

  constructor(code: OutboundFault, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
