import type { Role } from '../../api/index.ts'

/** The tables of accounts, as migrations/0005-accounts.ts makes them. */
export interface AccountSchema {
  readonly token: TokenTable
  readonly session: SessionTable
  readonly audit: AuditTable
}

export interface TokenTable {
  readonly id: string
  readonly name: string
  readonly role: Role
  readonly space: string
  readonly hash: string
  readonly createdBy: string | null
  readonly createdAtMs: number
  readonly expiresAtMs: number | null
  readonly lastUsedAtMs: number | null
  readonly revokedAtMs: number | null
}

export interface SessionTable {
  readonly hash: string
  readonly tokenHash: string | null
  readonly userJson: string | null
  readonly space: string
  readonly createdAtMs: number
  readonly seenAtMs: number
  readonly endsAtMs: number
}

export interface AuditTable {
  readonly id: string
  readonly atMs: number
  readonly action: string
  readonly outcome: 'done' | 'refused' | 'failed'
  readonly actor: string
  readonly actorKind: 'token' | 'user' | 'link' | 'command' | 'open' | 'unknown'
  readonly space: string
  readonly object: string | null
  readonly address: string | null
  readonly requestId: string | null
  readonly detailsJson: string | null
}
