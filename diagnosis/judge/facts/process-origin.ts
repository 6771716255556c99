/** Where a process answers. */
export interface ProcessOrigin {
  /** `null` where it is not known. */
  readonly scheme: 'http' | 'https' | null
  readonly host: string
  readonly port: string
}

/** Reads `https://127.0.0.1:10257/...` and `127.0.0.1:10257`; `null` for what names no host and port. */
export function parseAddress(text: string | null): ProcessOrigin | null {
  const match = /^(?:(https?):\/\/)?(\[[\da-fA-F:.]+\]|[\w.-]+)(?::(\d{1,5}))?(?:\/.*)?$/.exec(
    text ?? '',
  )
  if (match === null) return null
  const [, schemeText, host] = match
  const scheme = schemeText === 'http' || schemeText === 'https' ? schemeText : null
  const port = match.at(3) ?? defaultPort(scheme)
  return port === null ? null : { scheme, host, port }
}

function defaultPort(scheme: ProcessOrigin['scheme']): string | null {
  if (scheme === null) return null
  return scheme === 'https' ? '443' : '80'
}
