import type { FastifyRequest } from 'fastify'
import { createHash } from 'node:crypto'
import { AppError } from '../api/index.ts'
import type { Role, ServerOptions } from './options.ts'

/** What a route asks of its caller. `public` asks for nothing: health, the app itself, shared links. */
export type Access = 'public' | Role

const RANKS: readonly Role[] = ['viewer', 'uploader', 'operator', 'admin']

/**
 * Checks the bearer token of a request. Only hashes are kept, and a hash is found by its whole value, so the time of
 * the look-up tells nothing about a token. Without configured tokens everyone who reaches the server is its admin.
 */
export function makeAccessCheck(
  options: ServerOptions,
): (request: FastifyRequest, access: Access) => void {
  const roles = new Map(options.tokens.map((token) => [token.sha256, token.role]))
  return (request, access) => {
    if (access === 'public' || roles.size === 0) return
    const role = roles.get(hashToken(bearerToken(request)))
    if (role === undefined) throw new AppError('UNAUTHENTICATED')
    if (RANKS.indexOf(role) < RANKS.indexOf(access)) {
      throw new AppError('FORBIDDEN', {
        message: `This needs the role ${access}; you are ${role}.`,
      })
    }
  }
}

/** SHA-256 in hex: how tokens of callers and links are kept. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** Empty when there is none. */
function bearerToken(request: FastifyRequest): string {
  const match = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')
  return match?.[1] ?? ''
}
