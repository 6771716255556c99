import type { Page, PageRequest } from '../page.ts'

/** One security event. Entries are added and expire; none is ever changed. */
export interface StoredAuditEntry {
  readonly id: string
  readonly atMs: number
  /** What was acted on, a dot, what was done: `token.create`. */
  readonly action: string
  readonly outcome: 'done' | 'refused' | 'failed'
  /** The name of the token or user; empty for an unknown caller. */
  readonly actor: string
  readonly actorKind: 'token' | 'user' | 'link' | 'command' | 'open' | 'unknown'
  readonly space: string
  /** The id or name of what was acted on. */
  readonly object: string | null
  /** The network address of the caller. */
  readonly address: string | null
  readonly requestId: string | null
  /** Further facts, as JSON. Holds no secret. */
  readonly detailsJson: string | null
}

export type NewAuditEntry = Omit<StoredAuditEntry, 'id' | 'atMs'>

export interface AuditFilter {
  readonly action?: string
  readonly outcome?: StoredAuditEntry['outcome']
  readonly actor?: string
  readonly object?: string
  readonly space?: string
  readonly fromMs?: number
  readonly toMs?: number
}

/** The audit log. */
export interface AuditStore {
  add(entry: NewAuditEntry): Promise<void>
  /** Newest first. */
  list(filter: AuditFilter, page: PageRequest): Promise<Page<StoredAuditEntry>>
  /** Deletes entries older than `beforeMs`, at most `limit`. Returns how many. */
  removeBefore(beforeMs: number, limit: number): Promise<number>
}
