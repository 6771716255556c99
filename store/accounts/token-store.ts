import type { Role } from '../../api/index.ts'
import type { Page, PageRequest } from '../page.ts'

/** A token that gives access. The token itself is not stored. */
export interface StoredToken {
  readonly id: string
  readonly name: string
  readonly role: Role
  /** The name of one space, or `*` for every space. */
  readonly space: string
  /** SHA-256 of the token, in hex. */
  readonly hash: string
  /** The name of the token or user that made it; `null` for the command line. */
  readonly createdBy: string | null
  readonly createdAtMs: number
  /** `null` for a token that does not expire. */
  readonly expiresAtMs: number | null
  readonly lastUsedAtMs: number | null
  readonly revokedAtMs: number | null
}

export type NewToken = Pick<
  StoredToken,
  'name' | 'role' | 'space' | 'hash' | 'createdBy' | 'expiresAtMs'
>

/** The tokens. Revoked ones stay, so that the audit log can be read. */
export interface TokenStore {
  add(token: NewToken): Promise<StoredToken>
  /** The token in any state; the caller checks `expiresAtMs` and `revokedAtMs`. */
  findByHash(hash: string): Promise<StoredToken | null>
  find(id: string): Promise<StoredToken | null>
  /** Newest first; of one space, or of all. */
  list(filter: { readonly space?: string }, page: PageRequest): Promise<Page<StoredToken>>
  /** Revokes the token permanently. Returns it, or `null` when the id is unknown. */
  revoke(id: string): Promise<StoredToken | null>
  /** Notes that the token was used now. */
  touch(id: string): Promise<void>
  /** Whether any token was ever made, in any state. */
  hasAny(): Promise<boolean>
}
