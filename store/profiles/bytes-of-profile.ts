import type { BlobKey } from '../blobs/blob-store.ts'
import type { StoredProfile } from './profile-store.ts'
import { stateError } from './state-error.ts'

/** What a profile is read from: its columns, or, where there are none or no longer, its file. */
export interface ProfileBytes {
  readonly key: BlobKey
  readonly form: 'columns' | 'file'
}

/** Throws the reason when the profile has no views. */
export function bytesOfProfile(profile: StoredProfile): ProfileBytes {
  const { status, columnsBlobKey, rawBlobKey } = profile
  if (status !== 'ready') throw stateError(profile)
  if (columnsBlobKey === null) return { key: rawBlobKey, form: 'file' }
  return { key: columnsBlobKey, form: 'columns' }
}
