const STORAGE_KEY = 'kubeprof-time-zone'

/** `utc` is the same for everyone; `local` is the zone of the reader's clock. */
export type TimeZone = 'utc' | 'local'

export function readTimeZone(): TimeZone {
  try {
    return localStorage.getItem(STORAGE_KEY) === 'local' ? 'local' : 'utc'
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
