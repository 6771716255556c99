/** A browser that has signed in. The value of its cookie is not stored. */
export interface StoredSession {
  /** SHA-256 of the cookie's value, in hex. */
  readonly hash: string
  /** The hash of the token that was used to sign in; `null` when an identity provider was. */
  readonly tokenHash: string | null
  /** The user, as JSON, who signed in with an identity provider; else `null`. */
  readonly userJson: string | null
  /** The space that the browser shows. */
  readonly space: string
  readonly createdAtMs: number
  readonly seenAtMs: number
  /** When the session ends, however much it is used. */
  readonly endsAtMs: number
}

export type NewSession = Pick<
  StoredSession,
  'hash' | 'tokenHash' | 'userJson' | 'space' | 'endsAtMs'
>

/** The sessions of browsers. */
export interface SessionStore {
  /** Adds a session, and deletes those that have ended. */
  add(session: NewSession): Promise<void>
  /** The session in any state; the caller checks its times and its token. */
  findByHash(hash: string): Promise<StoredSession | null>
  /** Notes that the session was used now. */
  touch(hash: string): Promise<void>
  setSpace(hash: string, space: string): Promise<void>
  /** Ends the session. Returns whether there was one. */
  remove(hash: string): Promise<boolean>
}
