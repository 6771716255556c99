import { setTimeout as delay } from 'node:timers/promises'
import { PATIENCE_MS } from './patience.ts'

type Falsy = false | 0 | '' | null | undefined

const STEP_MS = 50

/** Waits until a condition holds, and returns what it found. What it throws ends the wait. */
export async function until<Found>(
  find: () => Found | Promise<Found>,
): Promise<Exclude<Found, Falsy>> {
  const endMs = performance.now() + PATIENCE_MS
  for (;;) {
    const found = await find()
    if (isFound(found)) return found
    if (performance.now() > endMs) throw new Error(`waited in vain until ${find.toString()}`)
    await delay(STEP_MS)
  }
}

function isFound<Found>(found: Found): found is Exclude<Found, Falsy> {
  return Boolean(found)
}
