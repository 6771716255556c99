import type { Profile } from '../types.ts'

/**
 * The profile with at least one mapping, as pprof has it in reports and merges: one that says nothing, for all
 * locations, where the file has none. https://github.com/google/pprof/blob/main/internal/driver/fetch.go
 */
export function withMapping<T extends Pick<Profile, 'mappings' | 'locations'>>(profile: T): T {
  if (profile.mappings.length > 0) return profile
  const { locations } = profile
  return {
    ...profile,
    mappings: {
      length: 1,
      start: new BigUint64Array(1),
      limit: new BigUint64Array(1),
      offset: new BigUint64Array(1),
      file: new Uint32Array(1),
      buildId: new Uint32Array(1),
      flags: new Uint8Array(1),
    },
    locations: { ...locations, mapping: new Int32Array(locations.length) },
  }
}

/**
 * The profile, which has a mapping, as pprof has it when it is told of the main binary: under that file, where one is
 * given, and with that build ID, where the file has none.
 */
export function withBinary(
  profile: Profile,
  { file, buildId }: { readonly file: string; readonly buildId: string },
): Profile {
  const { mappings, strings } = profile
  const names = { file: mappings.file.slice(), buildId: mappings.buildId.slice() }
  if (file !== '') names.file[0] = strings.length
  if (strings[names.buildId[0]] === '') names.buildId[0] = strings.length + 1
  return {
    ...profile,
    strings: [...strings, file, buildId],
    mappings: { ...mappings, ...names },
  }
}
