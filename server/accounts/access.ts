import { AppError, type Role } from '../../api/index.ts'
import { type Caller, isServerAdmin, rankOf } from './caller.ts'

/**
 * The access a route requires. `public` requires no token: health, the app itself, shared links.
 * `server-admin` is an admin of every space.
 */
export type Access = 'public' | 'server-admin' | Role

/** Throws FORBIDDEN when the caller's role is not enough. */
export function checkRole(caller: Caller, access: Exclude<Access, 'public'>): void {
  if (access === 'server-admin') {
    if (isServerAdmin(caller)) return
    throw new AppError('FORBIDDEN', { message: 'This needs an admin of every space.' })
  }
  if (isAllowed(caller.role, access)) return
  throw new AppError('FORBIDDEN', {
    message: `This needs the role ${access}; you are ${caller.role}.`,
  })
}

/** `trigger` may only send alerts; operators may send them too. */
function isAllowed(role: Role, access: Role): boolean {
  if (role === 'trigger' || role === access) return role === access
  return rankOf(role) >= rankOf(access === 'trigger' ? 'operator' : access)
}

const LEVELS: readonly string[] = ['public', 'viewer', 'uploader', 'operator', 'trigger', 'admin']

/** The access that a route declares; without a declaration only admins of the server may call it. */
export function accessOf(config: object): Access {
  const access = 'access' in config ? config.access : null
  return isAccess(access) ? access : 'server-admin'
}

function isAccess(value: unknown): value is Access {
  return typeof value === 'string' && LEVELS.includes(value)
}
