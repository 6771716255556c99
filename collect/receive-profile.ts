import type { AddedProfile, ProfileSource } from '../store/index.ts'

export interface ReceivedProfile {
  readonly source: ProfileSource
  /** The bytes as they come: any of gzip or plain profile.proto. */
  readonly body: AsyncIterable<Uint8Array>
  /** What the caller says the body's size is, to refuse it before it is read. */
  readonly sizeBytesSaid: number | null
}

/** The way of every profile into the store, whoever brings it. */
export interface ProfileReceiver {
  /**
   * Stores the profile, durably, and rings for its analysis. Throws BODY_MISSING, UPLOAD_TOO_LARGE,
   * UNSUPPORTED_ENCODING, NOT_A_PROFILE, OVERLOADED, SHUTTING_DOWN and what the store throws.
   */
  receive(profile: ReceivedProfile): Promise<AddedProfile>
  /** From now on throws SHUTTING_DOWN; settles when the uploads under way are over. */
  close(): Promise<void>
}
