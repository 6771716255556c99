/** Why there was no answer, as far as Node's error code shows. */
export type ConnectionFault =
  | 'refused'
  | 'no address'
  | 'no name server'
  | 'closed'
  | 'unreachable'
  /** Of a Unix socket. */
  | 'no such file'
  | 'not permitted'
  | 'unknown authority'
  | 'expired'
  | 'not yet valid'
  | 'other name'
  | 'client certificate'
  | 'no TLS'
  | 'no HTTP'
  | 'other TLS'
  /** A token that no header can hold, or an invalid certificate or key. */
  | 'bad credentials'
  | 'other'

const CODES: Readonly<Record<string, ConnectionFault>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'no address',
  EAI_AGAIN: 'no name server',
  ECONNRESET: 'closed',
  EPIPE: 'closed',
  ETIMEDOUT: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENOENT: 'no such file',
  EACCES: 'not permitted',
  EPERM: 'not permitted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unknown authority',
  UNABLE_TO_GET_ISSUER_CERT: 'unknown authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unknown authority',
  SELF_SIGNED_CERT_IN_CHAIN: 'unknown authority',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'unknown authority',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not yet valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'other name',
  EPROTO: 'no TLS',
  UND_ERR_SOCKET: 'closed',
  UND_ERR_HEADERS_OVERFLOW: 'no HTTP',
  ERR_INVALID_CHAR: 'bad credentials',
  UND_ERR_INVALID_ARG: 'bad credentials',
}

const PATTERNS: readonly (readonly [RegExp, ConnectionFault])[] = [
  [
    /ALERT_(?:CERTIFICATE_REQUIRED|BAD_CERTIFICATE|HANDSHAKE_FAILURE|UNKNOWN_CA)/,
    'client certificate',
  ],
  [/WRONG_VERSION_NUMBER|PACKET_LENGTH/, 'no TLS'],
  [/^HPE_/, 'no HTTP'],
  [/^ERR_OSSL_(?:PEM|X509|ASN1|EVP|DSO|UNSUPPORTED)/, 'bad credentials'],
  [/^ERR_(?:SSL|TLS|OSSL)_|CERT/, 'other TLS'],
]

/** The fault and Node's code for it; null for an error without a code, which is not a network error. */
export function connectionFault(
  error: unknown,
): { readonly fault: ConnectionFault; readonly code: string } | null {
  // An attempt on several addresses fails with several errors.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error
  if (!(first instanceof Error) || !('code' in first)) return null
  // Errors of undici's parser have no code.
  if (first.name === 'HTTPParserError') return { fault: 'no HTTP', code: first.name }
  const { code } = first
  // A signal's abort error has a number as its code.
  if (typeof code !== 'string') return null
  const fault = CODES[code] ?? PATTERNS.find(([pattern]) => pattern.test(code))?.[1] ?? 'other'
  return { fault, code }
}
