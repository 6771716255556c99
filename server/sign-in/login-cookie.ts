import type { FastifyRequest } from 'fastify'
import { type Exchange, type HostCookie, makeHostCookie } from '../accounts/host-cookie.ts'
import type { ServerNeeds } from '../http/server-needs.ts'
import { type LoginAttempt, readAttempt } from './oidc-client.ts'

const PURPOSE = 'login-attempt'

/**
 * The cookie that ties a sign-in to the browser that began it. Sealed, since it holds the secrets
 * of the exchange; any process of the server can open it. `Lax`, because the provider's redirect
 * comes from another site.
 */
export interface LoginCookie extends Pick<HostCookie, 'clear'> {
  readonly read: (request: FastifyRequest) => LoginAttempt | null
  readonly write: (
    exchange: Exchange,
    cookie: { readonly attempt: LoginAttempt; readonly seconds: number },
  ) => void
}

export function makeLoginCookie({
  options: { publicUrl },
  keyring,
}: Pick<ServerNeeds, 'options' | 'keyring'>): LoginCookie {
  const cookie = makeHostCookie({
    publicUrl,
    secureName: '__Host-kubeprof-login',
    plainName: 'kubeprof_login',
    sameSite: 'lax',
  })
  return {
    read(request) {
      const sealed = cookie.read(request)
      return sealed === null ? null : readAttempt(keyring.open(sealed, PURPOSE))
    },
    write(exchange, { attempt, seconds }) {
      const value = keyring.seal(JSON.stringify(attempt), PURPOSE)
      cookie.write(exchange, { value, seconds })
    },
    clear: cookie.clear,
  }
}
