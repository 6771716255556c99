import type { FastifyRequest } from 'fastify'
import { DEFAULT_SPACE, EVERY_SPACE, type Role } from '../../api/index.ts'

/** A role in one space, or in every space (`*`). */
export interface Grant {
  readonly space: string
  readonly role: Role
}

/** The sender of a request. */
export interface Caller {
  /** `open` where no account is configured: then every caller is an admin. */
  readonly kind: 'open' | 'token' | 'user'
  /** The name of the token or user; empty for `open`. */
  readonly name: string
  readonly grants: readonly Grant[]
  /** The space of this request, and the role in it. */
  readonly space: string
  readonly role: Role
  /** The hash of the session's cookie; `null` for programs. */
  readonly sessionHash: string | null
}

declare module 'fastify' {
  interface FastifyRequest {
    /** `null` before the check of access, and on routes that are open to all. */
    caller: Caller | null
  }
}

/** Each role includes those before it; `trigger` stands apart. */
const RANKS: readonly Role[] = ['trigger', 'viewer', 'uploader', 'operator', 'admin']

export function rankOf(role: Role): number {
  return RANKS.indexOf(role)
}

/** The highest role in a space, or `null` without access to it. */
export function roleIn(grants: readonly Grant[], space: string): Role | null {
  const roles = grants
    .filter((grant) => grant.space === space || grant.space === EVERY_SPACE)
    .map(({ role }) => role)
  return roles.toSorted((a, b) => rankOf(b) - rankOf(a))[0] ?? null
}

/** The space of a caller who names none: the default one, else the first that is granted. */
export function homeSpaceOf(grants: readonly Grant[]): string {
  if (roleIn(grants, DEFAULT_SPACE) !== null) return DEFAULT_SPACE
  return grants[0]?.space ?? DEFAULT_SPACE
}

/** Whether the caller is an admin of every space, and so of the server itself. */
export function isServerAdmin({ grants }: Caller): boolean {
  return grants.some(({ space, role }) => space === EVERY_SPACE && role === 'admin')
}

/** The caller of a route that requires a role. */
export function callerOf({ caller }: Pick<FastifyRequest, 'caller'>): Caller {
  if (caller === null) throw new Error('the route requires no role, so it has no caller')
  return caller
}
