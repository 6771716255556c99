const isFull = process.env['KUBEPROF_CHAOS'] === 'full'

/** How often to do something harmful: a few times with every test run, many times with `npm run chaos`. */
export function extent(quick: number, full: number): number {
  return isFull ? full : quick
}

/** A test that would be too long for every run may take this long. */
export const CHAOS_TIMEOUT_MS = isFull ? 1_800_000 : 120_000
