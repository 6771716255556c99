/** The default path of `go tool pprof` for a URL without one. */
const DEFAULT_PATH = '/debug/pprof/profile'
const TIMEOUT_SECONDS = 60

export interface SourceUrl {
  readonly url: URL
  /** `https+insecure:` skips verification of the certificate. */
  readonly isVerified: boolean
  /** How long the server may take to answer: one and a half times the measured time. */
  readonly timeoutSeconds: number
}

export interface SourceUrlOptions {
  /** The values of `-seconds` and `-timeout`; null without them. */
  readonly seconds: number | null
  readonly timeoutSeconds: number | null
}

/**
 * Parses a source as `go tool pprof` does: a URL, or `host:port` with or without a path. Null for anything else.
 * https://github.com/golang/go/blob/master/src/cmd/pprof/pprof.go (adjustURL)
 */
export function sourceUrl(source: string, options: SourceUrlOptions): SourceUrl | null {
  const [, scheme = null] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(source) ?? []
  if (scheme === null && !/^(?:\[[0-9a-f:.]+\]|[^/:@\s]+):\d+(?:[/?]|$)/i.test(source)) return null
  if (scheme !== null && !/^https?$|^https\+insecure$/i.test(scheme)) return null
  const isVerified = scheme?.toLowerCase() !== 'https+insecure'
  const text = scheme === null ? `http://${source}` : source.replace(/^https\+insecure/i, 'https')
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  if (url.pathname === '/') url.pathname = DEFAULT_PATH
  return { ...timed(url, options), isVerified }
}

/** The URL with `?seconds=`, and how long to wait for it. */
export function timed(
  url: URL,
  { seconds, timeoutSeconds }: SourceUrlOptions,
): Pick<SourceUrl, 'url' | 'timeoutSeconds'> {
  const timedUrl = new URL(url)
  if (seconds !== null && seconds > 0) timedUrl.searchParams.set('seconds', String(seconds))
  const measured = Number(timedUrl.searchParams.get('seconds') ?? 0)
  const usual = measured > 0 ? measured * 1.5 : TIMEOUT_SECONDS
  const isGiven = timeoutSeconds !== null && timeoutSeconds > 0
  return { url: timedUrl, timeoutSeconds: isGiven ? timeoutSeconds : usual }
}
