import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ServerOptions } from '../options.ts'

/**
 * With https the name has the prefix `__Host-`: browsers then accept the cookie from this host
 * alone, with `Secure`, so that no other host of the domain can plant one. Browsers refuse the
 * prefix on plain http, which is for loopback only.
 */
const SECURE_NAME = '__Host-kubeprof'
const PLAIN_NAME = 'kubeprof_session'

/** The cookie of a signed-in browser. Its value is random and is not the token. */
export interface SessionCookie {
  readonly read: (request: FastifyRequest) => string | null
  readonly write: (
    exchange: Exchange,
    cookie: { readonly value: string; readonly seconds: number },
  ) => void
  readonly clear: (exchange: Exchange) => void
}

export interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

export function makeSessionCookie({ publicUrl }: Pick<ServerOptions, 'publicUrl'>): SessionCookie {
  const isSecure = (request: FastifyRequest) =>
    publicUrl.startsWith('https:') || request.protocol === 'https'
  const nameOf = (request: FastifyRequest) => (isSecure(request) ? SECURE_NAME : PLAIN_NAME)
  const attributesOf = (request: FastifyRequest) =>
    ({ path: '/', httpOnly: true, sameSite: 'strict', secure: isSecure(request) }) as const
  return {
    read: (request) => request.cookies[nameOf(request)] ?? null,
    write({ request, reply }, { value, seconds }) {
      void reply.setCookie(nameOf(request), value, { ...attributesOf(request), maxAge: seconds })
    },
    clear({ request, reply }) {
      void reply.clearCookie(nameOf(request), attributesOf(request))
    },
  }
}
