import { vi } from 'vitest'
import { PATIENCE_MS } from './patience.ts'

/** Waits until a condition holds, and returns what it found. What it throws ends the wait. */
export function until<Found>(find: () => Found | Promise<Found>) {
  return vi.waitUntil(find, PATIENCE_MS)
}
