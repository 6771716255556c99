import type { FastifyRequest } from 'fastify'
import { createHash } from 'node:crypto'
import { AppError } from '../../api/index.ts'
import type { Role, ServerOptions } from '../options.ts'

/**
 * The access a route requires. `public` requires no token: health, the app itself, shared links.
 */
export type Access = 'public' | Role

const RANKS: readonly Role[] = ['viewer', 'uploader', 'operator', 'admin']

/** `trigger` may only send alerts; operators may send them too. */
function isAllowed(role: Role, access: Role): boolean {
  if (role === 'trigger' || role === access) return role === access
  return RANKS.indexOf(role) >= RANKS.indexOf(access === 'trigger' ? 'operator' : access)
}

/** The cookie that carries a browser's token. */
export const SESSION_COOKIE = 'kubeprof_session'

/**
 * The role of a token, or `null`. Only hashes are stored and compared, so the time of the look-up
 * reveals nothing about a token.
 */
export function makeRoleFinder({
  tokens,
}: Pick<ServerOptions, 'tokens'>): (token: string) => Role | null {
  const roles = new Map(tokens.map(({ sha256, role }) => [sha256, role]))
  return (token) => roles.get(hashToken(token)) ?? null
}

/**
 * Checks the token of a request: a bearer token, or the cookie of a signed-in browser. Without
 * configured tokens every caller is an admin.
 */
export function makeAccessCheck(
  options: ServerOptions,
): (request: FastifyRequest, access: Access) => void {
  const roleOf = makeRoleFinder(options)
  return (request, access) => {
    if (access === 'public' || options.tokens.length === 0) return
    const role = roleOf(tokenOf(request))
    if (role === null) throw new AppError('UNAUTHENTICATED')
    if (!isAllowed(role, access)) {
      throw new AppError('FORBIDDEN', {
        message: `This needs the role ${access}; you are ${role}.`,
      })
    }
  }
}

/** SHA-256 in hex, the stored form of tokens of callers and links. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** The token of the request, or an empty string. The header takes precedence over the cookie. */
export function tokenOf({ headers, cookies }: FastifyRequest): string {
  if (headers.authorization === undefined) return cookies[SESSION_COOKIE] ?? ''
  return /^Bearer +(\S+)$/i.exec(headers.authorization)?.[1] ?? ''
}
