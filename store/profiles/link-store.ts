import type { LinkExposure } from '../../api/index.ts'
import type { Page, PageRequest } from '../page.ts'

/** One view of one profile that the holder of a token may see. The token itself is not stored. */
export interface StoredLink {
  readonly id: string
  /** `null` once the profile is deleted; the link is revoked then. */
  readonly profileId: string | null
  /** The view state, as the query string of the profile page, without `?`. */
  readonly view: string
  readonly createdAtMs: number
  readonly expiresAtMs: number
  readonly revokedAtMs: number | null
  readonly name: string | null
  /** The name of the token or user that made it. */
  readonly createdBy: string | null
  readonly exposure: LinkExposure
  /** That of its profile. */
  readonly space: string
  /** The capture of its profile, where the link shows the whole of it. */
  readonly captureId: string | null
  /** The profile that its profile is compared with. */
  readonly beforeProfileId: string | null
  /** How often its page was opened. */
  readonly viewCount: number
  readonly lastViewedAtMs: number | null
}

export interface NewLink {
  readonly profileId: string
  /** SHA-256 of the token, in hex. */
  readonly tokenHash: string
  readonly view: string
  readonly expiresAtMs: number
  readonly name?: string | null
  readonly createdBy?: string | null
  readonly captureId?: string | null
  readonly beforeProfileId?: string | null
  /** The whole profile where it is left out. */
  readonly exposure?: LinkExposure
}

export interface LinkFilter {
  readonly space?: string
  readonly profileId?: string
}

/** The links. Expired and revoked links stay for a while, so that they answer 410 and not 404. */
export interface LinkStore {
  /** `null` when there is no live profile of this id. */
  add(link: NewLink): Promise<StoredLink | null>
  /** The link in any state; the caller checks `expiresAtMs` and `revokedAtMs`. */
  findByTokenHash(tokenHash: string): Promise<StoredLink | null>
  find(id: string): Promise<StoredLink | null>
  /** The links that match every filter given, newest first. */
  list(filter: LinkFilter, page: PageRequest): Promise<Page<StoredLink>>
  countView(id: string): Promise<void>
  /** Revokes the link permanently. Returns it, or `null` when the id is unknown. */
  revoke(id: string): Promise<StoredLink | null>
}
