import { randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { encodeProfile, profileFromFolded } from '../../profile/index.ts'
import { asLargeFile } from '../as-large-file.ts'

/** A small valid profile with unique content, of which columns are stored. */
export function uniqueProfile(): Uint8Array {
  const cpu = { type: 'cpu', unit: 'nanoseconds' }
  const profile = profileFromFolded(`main;${randomUUID()};work 42`, cpu)
  return asLargeFile(gzipSync(encodeProfile(profile)))
}
