/** Regular expressions (RE2) that match what the reader pointed at and nothing else. */

const NAMES_MAX = 60

/** Text as a pattern for itself. */
export function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
}

/** Functions by their raw names. */
export function funcPattern(rawNames: readonly string[]): string {
  const names = rawNames.slice(0, NAMES_MAX).map(escapePattern)
  return names.length === 1 ? `^${names[0] ?? ''}$` : `^(${names.join('|')})$`
}

/** The functions of a package, vendored or not. Go writes dots of its last part as `%2e`. */
export function packagePattern(path: string): string {
  const slash = path.lastIndexOf('/') + 1
  const last = escapePattern(path.slice(slash)).replaceAll(String.raw`\.`, String.raw`(\.|%2e)`)
  return String.raw`(^|/vendor/)${escapePattern(path.slice(0, slash))}${last}\.`
}

/** A value of a tag, for pprof's tag filters, which read a comma as "and". */
export function tagPattern(key: string, value: string, unit: string | null): string {
  if (unit !== null) return `${key}=${value}${unit}`
  return `${key}=^${escapePattern(value).replaceAll(',', String.raw`\x2c`)}$`
}
