import { setTimeout as delay } from 'node:timers/promises'

/** Settles when the condition holds; rejects with `what` when it does not within the time. */
export async function waitUntil(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 20_000,
): Promise<void> {
  const endMs = performance.now() + timeoutMs
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error(`waited ${timeoutMs} ms in vain until ${what}`)
    await delay(10)
  }
}
