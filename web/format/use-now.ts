import { useState, useSyncExternalStore } from 'react'

const TICK_MS = 10_000

/** What all texts of times on a page are relative to. */
let tickMs = 0
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

function listen(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    tickMs = Date.now()
    for (const one of listeners) one()
  }, TICK_MS)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The time now, in ms, as far as texts of times need it: it is renewed every few seconds. */
export function useNow(): number {
  const [openedAtMs] = useState(() => Date.now())
  return Math.max(
    openedAtMs,
    useSyncExternalStore(listen, () => tickMs),
  )
}
