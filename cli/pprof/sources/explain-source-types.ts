import { readProfile } from '../../../gzip/node.ts'
import { type Profile, ProfileFormatError } from '../../../profile/index.ts'
import { explainTypes } from '../../input/explain-types.ts'
import type { SourceBytes } from './read-source-bytes.ts'

/** Which sources have which sample types, a line for each list of types. */
export function explainSourceTypes(sources: readonly SourceBytes[]): string {
  return explainTypes(
    sources.flatMap(({ source, bytes }) => {
      const profile = decode(bytes)
      return profile === null ? [] : [{ path: source, profile }]
    }),
  )
}

/** Null where the bytes are not a profile. */
function decode(bytes: Uint8Array): Profile | null {
  try {
    return readProfile(bytes, { isAsPprof: true })
  } catch (error) {
    if (error instanceof ProfileFormatError) return null
    throw error
  }
}
