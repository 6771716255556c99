const STORAGE_KEY = 'kubeprof-time-zone'

/** `utc` is the same for everyone; `local` is the zone of the reader's clock; else the name of a zone: `Asia/Shanghai`. */
export type TimeZone = string

/** A zone that this browser does not know is not taken. */
export function readTimeZone(): TimeZone {
  try {
    const zone = localStorage.getItem(STORAGE_KEY) ?? 'utc'
    return isKnown(zone) ? zone : 'utc'
  } catch {
    return 'utc'
  }
}

export function writeTimeZone(zone: TimeZone): void {
  try {
    localStorage.setItem(STORAGE_KEY, zone)
  } catch {
    // Storage may be disabled; the choice then lasts until the page is closed.
  }
}

/** The name of the zone of a choice. */
export function zoneNameOf(zone: TimeZone): string {
  if (zone === 'utc') return 'UTC'
  return zone === 'local' ? localZoneName() : zone
}

/** The names of all zones that this browser knows. */
export function allZoneNames(): readonly string[] {
  return Intl.supportedValuesOf('timeZone')
}

export function localZoneName(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** The first format that a page makes takes the browser up to 50 ms, so none is made to know what it knows anyway. */
function isKnown(zone: TimeZone): boolean {
  if (zone === 'utc' || zone === 'local') return true
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone }).format(0)
    return true
  } catch {
    return false
  }
}
