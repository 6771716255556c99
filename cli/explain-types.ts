import { readProfile } from '../gzip/node.ts'
import { type Profile, ProfileFormatError, type ValueType } from '../profile/index.ts'
import type { SourceBytes } from './read-source-bytes.ts'

/** How many sources of the same types are named. */
const NAMES_MAX = 3

/** Which of the sources have which sample types, a line for each list of types. */
export function explainSourceTypes(sources: readonly SourceBytes[]): string {
  return explainTypes(
    sources.flatMap(({ source, bytes }) => {
      const profile = decode(bytes)
      return profile === null ? [] : [{ path: source, profile }]
    }),
  )
}

/** Which of the profiles have which sample types, or where these are the same, which periods. */
export function explainTypes(
  profiles: readonly { readonly path: string; readonly profile: Profile }[],
): string {
  const bySampleTypes = groupPaths(profiles, ({ sampleTypes }) => sampleTypes)
  const groups =
    bySampleTypes.size > 1
      ? bySampleTypes
      : groupPaths(profiles, ({ periodType }) => (periodType === null ? [] : [periodType]))
  return [...groups]
    .map(([types, paths]) => {
      const more = paths.length > NAMES_MAX ? ` and ${paths.length - NAMES_MAX} more` : ''
      return `  ${paths.slice(0, NAMES_MAX).join(', ')}${more}: ${types}\n`
    })
    .join('')
}

function groupPaths(
  profiles: readonly { readonly path: string; readonly profile: Profile }[],
  typesOf: (profile: Profile) => readonly ValueType[],
): ReadonlyMap<string, readonly string[]> {
  const paths = new Map<string, string[]>()
  for (const { path, profile } of profiles) {
    const types = typesOf(profile).map(({ type, unit }) => `${type}/${unit}`)
    const text = types.join(', ') || 'none'
    paths.set(text, [...(paths.get(text) ?? []), path])
  }
  return paths
}

/** Null where the bytes are no profile. */
function decode(bytes: Uint8Array): Profile | null {
  try {
    return readProfile(bytes, { isAsPprof: true })
  } catch (error) {
    if (error instanceof ProfileFormatError) return null
    throw error
  }
}
