import { randomBytes } from 'node:crypto'
import { isRecord } from '../../api/index.ts'
import type { SessionStore } from '../../store/index.ts'
import type { Grant } from './caller.ts'
import { findValidToken, TOUCH_MS, type TokenNeeds } from './find-token.ts'
import type { AccountsOptions } from '../accounts-options.ts'
import { grantsOfGroups } from './group-grants.ts'
import { hashToken } from './secret-token.ts'

const SESSION_BYTES = 32
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** The holder of a session that is valid now. */
export interface SessionHolder {
  readonly kind: 'token' | 'user'
  readonly name: string
  readonly grants: readonly Grant[]
  /** The space that the browser shows. */
  readonly space: string
  readonly sessionHash: string
}

/** A user whom an identity provider has identified. */
export interface SessionUser {
  readonly name: string
  readonly groups: readonly string[]
  /** For signing out at the provider. */
  readonly sealedIdToken: string | null
}

export interface NewBrowserSession {
  readonly tokenHash: string | null
  readonly user: SessionUser | null
  readonly space: string
}

/** Sessions of browsers: rows, so that each can be ended, by any process. */
export interface Sessions {
  /** Starts a session. Returns the value of its cookie, and its longest life in seconds. */
  start(session: NewBrowserSession): Promise<{ readonly value: string; readonly seconds: number }>
  /** `null` when there is no such session, it has ended, or its token is no longer valid. */
  find(cookie: string): Promise<SessionHolder | null>
  /** Ends the session. Returns the sealed id token of its user, or `null`. */
  end(cookie: string): Promise<string | null>
}

export interface SessionNeeds extends TokenNeeds {
  readonly sessions: SessionStore
  readonly options: Pick<AccountsOptions, 'sessionHours' | 'sessionIdleMinutes' | 'groupRoles'>
}

export function makeSessions(needs: SessionNeeds): Sessions {
  const { sessions, options } = needs
  const lifeMs = options.sessionHours * HOUR_MS
  const idleMs = options.sessionIdleMinutes * MINUTE_MS
  return {
    async start({ tokenHash, user, space }) {
      const value = randomBytes(SESSION_BYTES).toString('base64url')
      await sessions.add({
        hash: hashToken(value),
        tokenHash,
        userJson: user === null ? null : JSON.stringify(user),
        space,
        endsAtMs: Date.now() + lifeMs,
      })
      return { value, seconds: lifeMs / 1000 }
    },
    async find(cookie) {
      const hash = hashToken(cookie)
      const row = await sessions.findByHash(hash)
      const nowMs = Date.now()
      if (row === null || row.endsAtMs <= nowMs || row.seenAtMs + idleMs <= nowMs) return null
      const holder =
        row.tokenHash === null
          ? holderOfUser(userOf(row.userJson), options)
          : await holderOfToken(needs, row.tokenHash)
      if (holder === null) return null
      // Shorter idle limits need more exact times.
      if (nowMs - row.seenAtMs > Math.min(TOUCH_MS, idleMs / 4)) await sessions.touch(hash)
      return { ...holder, space: row.space, sessionHash: hash }
    },
    async end(cookie) {
      const hash = hashToken(cookie)
      const row = await sessions.findByHash(hash)
      await sessions.remove(hash)
      return userOf(row?.userJson ?? null)?.sealedIdToken ?? null
    },
  }
}

async function holderOfToken(needs: TokenNeeds, hash: string) {
  const token = await findValidToken(needs, hash)
  return token === null ? null : { kind: 'token' as const, ...token }
}

/** Groups become roles at each request, so that changed settings hold for sessions that exist. */
function holderOfUser(user: SessionUser | null, options: Pick<AccountsOptions, 'groupRoles'>) {
  if (user === null) return null
  const grants = grantsOfGroups(user.groups, options)
  return grants.length === 0 ? null : { kind: 'user' as const, name: user.name, grants }
}

function userOf(userJson: string | null): SessionUser | null {
  const user: unknown = userJson === null ? null : JSON.parse(userJson)
  return isSessionUser(user) ? user : null
}

function isSessionUser(value: unknown): value is SessionUser {
  return isRecord(value) && typeof value['name'] === 'string' && Array.isArray(value['groups'])
}
