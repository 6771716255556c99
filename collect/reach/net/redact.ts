import type { Credentials } from './credentials.ts'

/** Shorter secrets may be ordinary words. */
const LENGTH_MIN = 4

/** Removes the secrets that were sent from a server's answer: some servers echo the request. */
export function redact(text: string, { headers }: Credentials): string {
  let redacted = text
  for (const secret of secretsOf(headers)) redacted = redacted.replaceAll(secret, '[redacted]')
  return redacted
}

function secretsOf(headers: Credentials['headers']): string[] {
  const authorization = headers['authorization']
  const [scheme = '', value = ''] =
    typeof authorization === 'string' ? authorization.split(' ') : []
  const decoded = /^basic$/i.test(scheme) ? Buffer.from(value, 'base64').toString() : ''
  const password = decoded.slice(decoded.indexOf(':') + 1)
  return [value, decoded, password].filter((secret) => secret.length >= LENGTH_MIN)
}
