import type { FastifyRequest } from 'fastify'
import type { Exchange } from '../accounts/session-cookie.ts'
import type { ServerNeeds } from '../http/server-needs.ts'
import { type LoginAttempt, readAttempt } from './oidc-client.ts'

const PURPOSE = 'login-attempt'

/**
 * The cookie that ties a sign-in to the browser that began it. Sealed, since it holds the secrets
 * of the exchange; any process of the server can open it. `Lax`, because the provider's redirect
 * comes from another site.
 */
export interface LoginCookie {
  readonly read: (request: FastifyRequest) => LoginAttempt | null
  readonly write: (
    exchange: Exchange,
    cookie: { readonly attempt: LoginAttempt; readonly seconds: number },
  ) => void
  readonly clear: (exchange: Exchange) => void
}

export function makeLoginCookie({
  options,
  keyring,
}: Pick<ServerNeeds, 'options' | 'keyring'>): LoginCookie {
  const isSecure = ({ protocol }: FastifyRequest) =>
    options.publicUrl.startsWith('https:') || protocol === 'https'
  const nameOf = (request: FastifyRequest) =>
    isSecure(request) ? '__Host-kubeprof-login' : 'kubeprof_login'
  const attributesOf = (request: FastifyRequest) =>
    ({ path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure(request) }) as const
  return {
    read(request) {
      const sealed = request.cookies[nameOf(request)]
      return sealed === undefined ? null : readAttempt(keyring.open(sealed, PURPOSE))
    },
    write({ request, reply }, { attempt, seconds }) {
      const sealed = keyring.seal(JSON.stringify(attempt), PURPOSE)
      void reply.setCookie(nameOf(request), sealed, { ...attributesOf(request), maxAge: seconds })
    },
    clear({ request, reply }) {
      void reply.clearCookie(nameOf(request), attributesOf(request))
    },
  }
}
