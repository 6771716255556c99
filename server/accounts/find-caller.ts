import type { FastifyRequest } from 'fastify'
import { AppError, DEFAULT_SPACE, EVERY_SPACE } from '../../api/index.ts'
import type { SpacesStore, TokenStore } from '../../store/index.ts'
import type { SettingsTokens } from '../ports/settings-tokens.ts'
import { type Caller, type Grant, homeSpaceOf, roleIn } from './caller.ts'
import type { AccountsOptions } from '../accounts-options.ts'
import { findValidToken } from './find-token.ts'
import { grantsOfGroups } from './group-grants.ts'
import type { ProxyUser } from './proxy-user.ts'
import { hashToken } from './secret-token.ts'
import type { SessionCookie } from './session-cookie.ts'
import type { Sessions } from './sessions.ts'

/** Names the space that a program works in; without it, the token's own. */
export const SPACE_HEADER = 'kubeprof-space'

export interface CallerNeeds {
  readonly tokens: TokenStore
  readonly spaces: Pick<SpacesStore, 'find'>
  readonly settingsTokens: SettingsTokens
  readonly sessions: Sessions
  readonly cookie: SessionCookie
  readonly proxyUserOf: (request: FastifyRequest) => ProxyUser | null
  readonly options: Pick<AccountsOptions, 'groupRoles' | 'oidcIssuer' | 'proxySecret'>
}

/** Who sends a request. */
export interface CallerFinder {
  /**
   * The caller by bearer token, else by the cookie of a session; `null` without a valid one.
   * Throws FORBIDDEN for a space that the caller has no role in.
   */
  find(request: FastifyRequest): Promise<Caller | null>
  /** Whether no account is configured, so that every caller is an admin. */
  isOpen(): Promise<boolean>
}

interface Identity {
  readonly kind: Caller['kind']
  readonly name: string
  readonly grants: readonly Grant[]
  readonly space: string | null
  readonly sessionHash: string | null
}

const OPEN: Identity = {
  kind: 'open',
  name: '',
  grants: [{ space: EVERY_SPACE, role: 'admin' }],
  space: null,
  sessionHash: null,
}

export function makeCallerFinder(needs: CallerNeeds): CallerFinder {
  let isClosed = false

  async function isOpen(): Promise<boolean> {
    // Rows of tokens stay when they are revoked, so what was closed once stays closed.
    isClosed ||= hasOtherAccounts(needs) || (await needs.tokens.hasAny())
    return !isClosed
  }

  return {
    isOpen,
    async find(request) {
      const identity = (await isOpen()) ? OPEN : await identify(request, needs)
      if (identity === null) return null
      const caller = inSpace(identity, spaceOf(request))
      // The rights of some reach to every space, but only to those that there are.
      const isThere =
        caller.space === DEFAULT_SPACE || (await needs.spaces.find(caller.space)) !== null
      if (!isThere) throw noRole()
      return caller
    },
  }
}

function hasOtherAccounts({ settingsTokens, options }: CallerNeeds): boolean {
  const isFederated = options.oidcIssuer !== '' || options.proxySecret !== ''
  return isFederated || settingsTokens.list().length > 0
}

/** A token takes precedence over a proxy, and a proxy over the cookie. */
async function identify(request: FastifyRequest, needs: CallerNeeds): Promise<Identity | null> {
  const token = bearerOf(request)
  if (token !== null) {
    const found = await findValidToken(needs, hashToken(token))
    return found === null ? null : { kind: 'token', ...found, space: null, sessionHash: null }
  }
  const user = needs.proxyUserOf(request)
  if (user !== null) {
    const grants = grantsOfGroups(user.groups, needs.options)
    if (grants.length === 0) {
      throw new AppError('FORBIDDEN', { message: `No group of ${user.name} gives a role here.` })
    }
    return { kind: 'user', name: user.name, grants, space: null, sessionHash: null }
  }
  const cookie = needs.cookie.read(request)
  return cookie === null ? null : needs.sessions.find(cookie)
}

/** The bearer token of a request; `null` when it has no such header. */
export function bearerOf({ headers }: Pick<FastifyRequest, 'headers'>): string | null {
  if (headers.authorization === undefined) return null
  return /^Bearer +(\S+)$/i.exec(headers.authorization)?.[1] ?? ''
}

function spaceOf({ headers }: FastifyRequest): string | null {
  const space = headers[SPACE_HEADER]
  return typeof space === 'string' && space !== '' ? space : null
}

function inSpace(identity: Identity, asked: string | null): Caller {
  const space = asked ?? identity.space ?? homeSpaceOf(identity.grants)
  const role = roleIn(identity.grants, space)
  if (role === null) throw noRole()
  return { ...identity, space, role }
}

function noRole(): AppError {
  return new AppError('FORBIDDEN', { message: 'You have no role in this space.' })
}
