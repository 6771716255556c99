import type { Profile } from '../types.ts'

/**
 * The profile with at least one mapping, as pprof has it in reports and merges: an empty one, for all
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
 * The profile, which has a mapping, as pprof changes it for a given main binary: its mapping gets that file, if one is
 * given, and that build ID, if the profile has none.
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

/**
 * The profile with no file where a mapping without a build ID names a URL: pprof marks mappings by the URL they came from
 * and takes that back for each file that Go's `net/url` parses as an absolute URL, `C:\\app.exe` among them.
 */
export function withoutUrlFiles(profile: Profile): Profile {
  const { mappings, strings } = profile
  const isUrl = (mapping: number) =>
    strings[mappings.buildId[mapping]] === '' && isAbsoluteUrl(strings[mappings.file[mapping]])
  if (!mappings.file.some((_, mapping) => isUrl(mapping))) return profile
  const file = mappings.file.map((index, mapping) => (isUrl(mapping) ? 0 : index))
  return { ...profile, mappings: { ...mappings, file } }
}

/** Whether `url.Parse` of Go accepts the text and finds a scheme. https://pkg.go.dev/net/url#Parse */
function isAbsoluteUrl(text: string): boolean {
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:/.exec(text)
  // oxlint-disable-next-line no-control-regex -- Go refuses exactly these.
  if (scheme === null || /[\u0000-\u001f\u007f]/.test(text)) return false
  const [withQuery = '', ...fragment] = text.slice(scheme[0].length).split('#')
  if (hasBadEscape(fragment.join('#'))) return false
  const [path = ''] = withQuery.split('?')
  // Without a slash all of it is opaque.
  if (!path.startsWith('/')) return true
  const [, authority = ''] = /^\/\/([^/]*)/.exec(path) ?? []
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  return !hasBadEscape(path) && /^(?:\[[^\]]*\]|[^:[\]\s"<>\\^`{|}]*)(?::\d*)?$/.test(host)
}

function hasBadEscape(text: string): boolean {
  return /%(?![0-9A-Fa-f]{2})/.test(text)
}
