import { AppError } from '../../api/errors.ts'
import { OutboundError, type OutboundFault } from './outbound-error.ts'

const UNKNOWN_AUTHORITY = [
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
]

const FAULT_CODES = {
  ADDRESS_DENIED: 'TARGET_ADDRESS_DENIED',
  CONNECT_TIMEOUT: 'TARGET_UNREACHABLE',
  HEADERS_TIMEOUT: 'TARGET_TIMEOUT',
  BODY_TIMEOUT: 'TARGET_TIMEOUT',
  BODY_TOO_LARGE: 'PROFILE_TOO_LARGE',
  BODY_CUT: 'PROFILE_TRUNCATED',
  REDIRECTED: 'TARGET_REDIRECTED',
} as const satisfies Record<OutboundFault, string>

/** What a request that got no whole answer means, as an error of the catalogue. `who` begins the sentence. */
export function explainFailure(error: unknown, who: string): unknown {
  if (error instanceof AppError) return error
  if (error instanceof OutboundError) {
    const code = FAULT_CODES[error.code]
    return new AppError(code, { message: `${who} ${error.message}.`, cause: error })
  }
  const fault = codeOf(error)
  if (fault === '') return error
  const { code, say } = meaningOf(fault)
  return new AppError(code, {
    message: `${who} ${say}.`,
    details: { cause: fault },
    cause: error,
  })
}

function meaningOf(fault: string) {
  if (fault.startsWith('HPE_')) {
    const say = `does not speak HTTP there, or has too large headers (${fault})`
    return { code: 'TARGET_RESPONSE_INVALID', say } as const
  }
  const tls = tlsMeaning(fault)
  if (tls !== null) return { code: 'TARGET_TLS', say: `${tls} (${fault})` } as const
  return {
    code: 'TARGET_UNREACHABLE',
    say: NETWORK[fault] ?? `cannot be asked (${fault})`,
  } as const
}

const NETWORK: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection: nothing listens there',
  ENOTFOUND: 'has no address: its name is not known',
  EAI_AGAIN: 'has no address: the name server does not answer',
  ECONNRESET: 'closed the connection without an answer',
  EPIPE: 'closed the connection without an answer',
  ETIMEDOUT: 'does not answer to a connection',
  EHOSTUNREACH: 'cannot be reached from here',
  ENETUNREACH: 'cannot be reached from here',
  ENOENT: 'does not exist',
  EACCES: 'may not be opened by this user: its file mode says who may',
  EPERM: 'may not be opened by this user',
}

function tlsMeaning(fault: string): string | null {
  if (UNKNOWN_AUTHORITY.includes(fault)) {
    return "has a certificate of an unknown authority: give the authority's certificate, or choose not to verify"
  }
  if (fault === 'CERT_HAS_EXPIRED') return 'has a certificate that has expired'
  if (fault === 'CERT_NOT_YET_VALID') return 'has a certificate that is not valid yet'
  if (fault === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return 'has a certificate for other names: give the server name that it is for'
  }
  if (/ALERT_(?:CERTIFICATE_REQUIRED|BAD_CERTIFICATE|HANDSHAKE_FAILURE|UNKNOWN_CA)/.test(fault)) {
    return 'wants a client certificate that it knows: give one with its key'
  }
  if (fault === 'EPROTO' || /WRONG_VERSION_NUMBER|PACKET_LENGTH/.test(fault)) {
    return 'does not speak TLS there: is it http?'
  }
  return /^ERR_(?:SSL|TLS|OSSL)_|CERT/.test(fault) ? 'cannot be trusted over TLS' : null
}

/** An attempt on several addresses fails with several errors. */
function codeOf(error: unknown): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error
  return first instanceof Error && 'code' in first ? String(first.code) : ''
}
