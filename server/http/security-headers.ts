import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ServerOptions } from '../options.ts'

/**
 * Names in profiles are untrusted and drawn as text; if one ever became markup, this policy would
 * stop it from running.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "worker-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/** Lets pages of these origins, and no others, show the answer in a frame. */
export function allowFraming(reply: FastifyReply, origins: readonly string[]): void {
  replaceInPolicy(reply, "frame-ancestors 'none'", `frame-ancestors ${origins.join(' ')}`)
  void reply.removeHeader('x-frame-options')
}

/** Lets the answer's own code, which knows the nonce, add style elements: the web app's components do. */
export function allowStylesWith(reply: FastifyReply, nonce: string): void {
  replaceInPolicy(reply, "style-src 'self'", `style-src 'self' 'nonce-${nonce}'`)
}

function replaceInPolicy(reply: FastifyReply, directive: string, allowed: string): void {
  const policy = String(reply.getHeader('content-security-policy'))
  void reply.header('content-security-policy', policy.replace(directive, allowed))
}

/** Two years, for browsers that came by https once. */
const HTTPS_ONLY = 'max-age=63072000'

/** Sets the headers of every response, including errors. */
export function setSecurityHeaders(
  reply: FastifyReply,
  { publicUrl }: Pick<ServerOptions, 'publicUrl'>,
): void {
  void reply.headers(HEADERS)
  if (publicUrl.startsWith('https:')) void reply.header('strict-transport-security', HTTPS_ONLY)
}

/** Answers with data are kept by no cache, unless their route has said how. */
export function setNoStore({ routeOptions }: FastifyRequest, reply: FastifyReply): void {
  if (reply.hasHeader('cache-control')) return
  const url = routeOptions.url ?? ''
  const isData = url.startsWith('/api/v1/') || url === '/metrics' || url.startsWith('/debug/')
  if (isData) void reply.header('cache-control', 'private, no-store')
}

/** A download never runs as a page of this server. */
export function setDownloadHeaders(reply: FastifyReply, fileName: string): void {
  void reply
    .header('content-security-policy', "sandbox; default-src 'none'; style-src 'unsafe-inline'")
    .header('content-disposition', `attachment; filename="${fileName}"`)
}
