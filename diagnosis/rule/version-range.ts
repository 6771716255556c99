/** Versions that something may have, as `versionNumber`s; both ends included. */
export interface VersionRange {
  readonly min: number
  readonly max: number
}

export const ANY_VERSION: VersionRange = { min: 0, max: Number.POSITIVE_INFINITY }

/** `1.30`, `v1.30.4`, `go1.26.8` as a number that orders as versions do; `null` for anything else. */
export function parseVersion(text: string): number | null {
  const match = /^(?:v|go)?(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(text.trim())
  if (match === null) return null
  const [, major, minor = '0', patch = '0'] = match
  return Number(major) * 1e6 + Number(minor) * 1e3 + Number(patch)
}

/** Reads `>=1.20 <1.36`, `v1.30.4` and `1.30-1.31`; `null` when it cannot be read. */
export function parseVersionRange(text: string): VersionRange | null {
  let { min, max } = ANY_VERSION
  const span = /^(v?[\d.]+)-(v?[\d.]+)$/.exec(text)
  if (span !== null) return parseVersionRange(`>=${span[1]} <=${span[2]}`)
  for (const part of text.split(/[\s,]+/).filter((part) => part !== '')) {
    const match = /^(>=|<=|<|>)?(v?[\d.]+)$/.exec(part)
    const version = match === null ? null : parseVersion(match[2])
    if (version === null) return null
    const sign = match?.[1] ?? '='
    if (sign === '>=' || sign === '=') min = Math.max(min, version)
    if (sign === '>') min = Math.max(min, version + 1)
    if (sign === '<') max = Math.min(max, version - 1)
    if (sign === '<=' || sign === '=') max = Math.min(max, lastPatchOf(version))
  }
  return { min, max }
}

/** Whether they have a version in common, so that a rule of one may apply to the other. */
export function rangesMeet(a: VersionRange, b: VersionRange): boolean {
  return a.min <= b.max && b.min <= a.max
}

/** `<=1.30` holds for 1.30.14. */
function lastPatchOf(version: number): number {
  return version % 1e3 === 0 ? version + 999 : version
}
