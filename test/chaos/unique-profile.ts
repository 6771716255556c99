import { randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { encodeProfile, profileFromFolded } from '../../profile/index.ts'

/** A small valid profile with unique content. */
export function uniqueProfile(): Uint8Array {
  const cpu = { type: 'cpu', unit: 'nanoseconds' }
  const profile = profileFromFolded(`main;${randomUUID()};work 42`, cpu)
  return gzipSync(encodeProfile(profile))
}
