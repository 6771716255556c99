import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ServerOptions } from '../options.ts'

export interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** A cookie that scripts cannot read and that only this host gets. */
export interface HostCookie {
  readonly read: (request: FastifyRequest) => string | null
  readonly write: (
    exchange: Exchange,
    cookie: { readonly value: string; readonly seconds: number },
  ) => void
  readonly clear: (exchange: Exchange) => void
}

export interface HostCookieOptions extends Pick<ServerOptions, 'publicUrl'> {
  /**
   * The name with https has the prefix `__Host-`: browsers then accept the cookie from this host
   * alone, with `Secure`, so that no other host of the domain can plant one.
   */
  readonly secureName: `__Host-${string}`
  /** Browsers refuse the prefix on plain http, which is for loopback only. */
  readonly plainName: string
  readonly sameSite: 'strict' | 'lax'
}

export function makeHostCookie(options: HostCookieOptions): HostCookie {
  const { publicUrl, secureName, plainName, sameSite } = options
  const isSecure = ({ protocol }: FastifyRequest) =>
    publicUrl.startsWith('https:') || protocol === 'https'
  const nameOf = (request: FastifyRequest) => (isSecure(request) ? secureName : plainName)
  const attributesOf = (request: FastifyRequest) =>
    ({ path: '/', httpOnly: true, sameSite, secure: isSecure(request) }) as const
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
