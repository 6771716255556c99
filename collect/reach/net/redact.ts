import type { Credentials } from './credentials.ts'

/** Shorter secrets are words. */
const LENGTH_MIN = 4

/** A text from outside without the secrets that were sent there: some servers answer with what they were asked. */
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
