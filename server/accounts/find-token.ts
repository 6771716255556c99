import { EVERY_SPACE } from '../../api/index.ts'
import type { TokenStore } from '../../store/index.ts'
import type { Grant } from './caller.ts'
import type { SettingsTokens } from '../ports/settings-tokens.ts'

/** A row is written at most this often for the time a token or session was last used. */
export const TOUCH_MS = 60_000

/** A token that is valid now. */
export interface ValidToken {
  readonly name: string
  readonly grants: readonly Grant[]
}

export interface TokenNeeds {
  readonly tokens: Pick<TokenStore, 'findByHash' | 'touch'>
  readonly settingsTokens: Pick<SettingsTokens, 'findByHash'>
}

/**
 * The valid token of a hash: of the settings, or a row. Every call reads the row, so that a
 * revocation holds in all processes at once; reading one row by its index costs some microseconds.
 */
export async function findValidToken(
  { tokens, settingsTokens }: TokenNeeds,
  hash: string,
): Promise<ValidToken | null> {
  const fixed = settingsTokens.findByHash(hash)
  if (fixed !== null) {
    const { name, role, space = EVERY_SPACE } = fixed
    return { name, grants: [{ space, role }] }
  }
  const row = await tokens.findByHash(hash)
  const nowMs = Date.now()
  if (row === null || row.revokedAtMs !== null) return null
  if (row.expiresAtMs !== null && row.expiresAtMs <= nowMs) return null
  if (nowMs - (row.lastUsedAtMs ?? 0) > TOUCH_MS) {
    // The time is for people; a request does not wait for it and does not fail with it.
    tokens.touch(row.id).catch(() => undefined)
  }
  return { name: row.name, grants: [{ space: row.space, role: row.role }] }
}
