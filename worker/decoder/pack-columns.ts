import { gzipSync } from 'node:zlib'
import { encodeColumns, type Profile } from '../../profile/index.ts'

/** Level 6 makes 32 KB in place of 33 of an apiserver's CPU profile, and takes 2.3 ms in place of 1.3. */
const LEVEL = 3

/** The columns of a profile as they are stored and sent to viewers. */
export function packColumns(profile: Profile): Uint8Array {
  return gzipSync(encodeColumns(profile), { level: LEVEL })
}
