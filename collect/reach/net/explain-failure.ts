import { AppError, type ErrorCode } from '../../../api/errors.ts'
import { type ConnectionFault, connectionFault } from './connection-fault.ts'
import { OutboundError, type OutboundFault } from './outbound-error.ts'

const FAULT_CODES = {
  ADDRESS_DENIED: 'TARGET_ADDRESS_DENIED',
  CONNECT_TIMEOUT: 'TARGET_UNREACHABLE',
  HEADERS_TIMEOUT: 'TARGET_TIMEOUT',
  BODY_TIMEOUT: 'TARGET_TIMEOUT',
  BODY_TOO_LARGE: 'PROFILE_TOO_LARGE',
  BODY_CUT: 'PROFILE_TRUNCATED',
  REDIRECTED: 'TARGET_REDIRECTED',
} as const satisfies Record<OutboundFault, string>

/** The catalogue's error for a request without a complete answer. `who` begins the sentence. */
export function explainFailure(error: unknown, who: string): unknown {
  if (error instanceof AppError) return error
  if (error instanceof OutboundError) {
    const code = FAULT_CODES[error.code]
    return new AppError(code, { message: `${who} ${error.message}.`, cause: error })
  }
  const found = connectionFault(error)
  if (found === null) return error
  const [code, say] = MEANINGS[found.fault]
  return new AppError(code, {
    message: `${who} ${say} (${found.code}).`,
    details: { cause: found.code },
    cause: error,
  })
}

const MEANINGS: Readonly<Record<ConnectionFault, readonly [ErrorCode, string]>> = {
  refused: ['TARGET_UNREACHABLE', 'refused the connection: nothing listens there'],
  'no address': ['TARGET_UNREACHABLE', 'has no address: its name is not known'],
  'no name server': ['TARGET_UNREACHABLE', 'has no address: the name server does not answer'],
  closed: ['TARGET_UNREACHABLE', 'closed the connection without an answer'],
  unreachable: ['TARGET_UNREACHABLE', 'cannot be reached from here'],
  'no such file': ['TARGET_UNREACHABLE', 'does not exist'],
  'not permitted': ['TARGET_UNREACHABLE', 'may not be opened by this user: see its file mode'],
  'unknown authority': [
    'TARGET_TLS',
    "has a certificate of an unknown authority: give the authority's certificate, or choose not to verify",
  ],
  expired: ['TARGET_TLS', 'has a certificate that has expired'],
  'not yet valid': ['TARGET_TLS', 'has a certificate that is not valid yet: do the clocks agree?'],
  'other name': [
    'TARGET_TLS',
    'has a certificate for other names: give the server name that it is for',
  ],
  'client certificate': [
    'TARGET_TLS',
    'wants a client certificate that it knows: give one with its key',
  ],
  'no TLS': ['TARGET_TLS', 'does not speak TLS there: is it http?'],
  'no HTTP': ['TARGET_RESPONSE_INVALID', 'does not speak HTTP there, or has too large headers'],
  'bad credentials': [
    'TARGET_CREDENTIALS',
    'is not asked: its token, certificate or key is malformed',
  ],
  'other TLS': ['TARGET_TLS', 'cannot be trusted over TLS'],
  other: ['TARGET_UNREACHABLE', 'cannot be asked'],
}
