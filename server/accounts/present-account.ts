import { type AuditEntry, EVERY_SPACE, type TokenSummary } from '../../api/index.ts'
import type { StoredAuditEntry, StoredToken } from '../../store/index.ts'
import type { TokenOptions } from '../options.ts'

export function presentToken(token: StoredToken): TokenSummary {
  const { id, name, role, space, createdBy } = token
  return {
    id,
    name,
    role,
    space,
    createdBy,
    createdAt: formatTime(token.createdAtMs),
    expiresAt: formatTime(token.expiresAtMs),
    lastUsedAt: formatTime(token.lastUsedAtMs),
    revokedAt: formatTime(token.revokedAtMs),
  }
}

export function presentSettingsToken({ name, role, space }: TokenOptions): TokenSummary {
  return {
    id: `settings:${name}`,
    name,
    role,
    space: space ?? EVERY_SPACE,
    createdBy: null,
    createdAt: null,
    expiresAt: null,
    lastUsedAt: null,
    revokedAt: null,
  }
}

export function presentAuditEntry({ atMs, detailsJson, ...entry }: StoredAuditEntry): AuditEntry {
  return {
    ...entry,
    at: new Date(atMs).toISOString(),
    details: detailsJson === null ? null : JSON.parse(detailsJson),
  }
}

function formatTime(timeMs: number | null): string | null {
  return timeMs === null ? null : new Date(timeMs).toISOString()
}
