import { TEST_MS_MAX } from './patience.ts'

export const isFull = process.env['KUBEPROF_CHAOS'] === 'full'
const isEverything = process.env['KUBEPROF_TEST_REQUIRE_ALL'] !== undefined

/** How often to do something harmful: `quick` times, or `full` times with `npm run chaos`. */
export function extent(quick: number, full: number): number {
  return isFull ? full : quick
}

/** Whether also what takes many seconds runs: in CI and with `npm run chaos`. */
export const isThorough = isFull || isEverything

/** A test that would be too long for every run may take this long. */
export const CHAOS_TIMEOUT_MS = isFull ? 3 * 3_600_000 : TEST_MS_MAX
