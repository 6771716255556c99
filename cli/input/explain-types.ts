import type { Profile, ValueType } from '../../profile/index.ts'

/** How many sources of the same types are named. */
const NAMES_MAX = 3

/** Which profiles have which sample types or, where these are the same, which periods. */
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
