import type { ServerOptions } from '../options.ts'
import { type HostCookie, makeHostCookie } from './host-cookie.ts'

/** The cookie of a signed-in browser. Its value is random and is not the token. */
export type SessionCookie = HostCookie

export function makeSessionCookie({ publicUrl }: Pick<ServerOptions, 'publicUrl'>): SessionCookie {
  return makeHostCookie({
    publicUrl,
    secureName: '__Host-kubeprof',
    plainName: 'kubeprof_session',
    sameSite: 'strict',
  })
}
