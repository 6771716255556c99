import { createHash } from 'node:crypto'
import { Cron } from 'croner'
import type { Timing } from '../../store/index.ts'

/** A slot taken later than this was missed, not just late. */
const GRACE_MS_MAX = 60_000

/**
 * The first slot of a process after this time, in milliseconds since the Unix epoch; `null` when there is none. Its
 * offset in the interval depends only on the process, so restarts and other collectors do not change it, and a
 * thousand processes are spread out. https://github.com/prometheus/prometheus/blob/v3.5.0/scrape/target.go
 */
export function nextSlotMs(timing: Timing, processKey: string, afterMs: number): number | null {
  const offsetMs = timing.jitterMs === 0 ? 0 : hashOf(processKey) % timing.jitterMs
  if (timing.kind === 'cron') {
    const next = cronOf(timing).nextRun(new Date(afterMs - offsetMs))
    return next === null ? null : next.getTime() + offsetMs
  }
  const { intervalMs } = timing
  const slots = Math.floor((afterMs - offsetMs) / intervalMs) + 1
  return slots * intervalMs + offsetMs
}

/** How late a slot may be taken: a busy collector is late, one that was stopped has missed it. */
export function slotGraceMs(timing: Timing): number {
  return timing.kind === 'cron' ? GRACE_MS_MAX : Math.min(timing.intervalMs / 2, GRACE_MS_MAX)
}

const crons = new Map<string, Cron>()
const CRONS_MAX = 1000

function cronOf({ pattern, timezone }: Extract<Timing, { kind: 'cron' }>): Cron {
  const key = `${timezone} ${pattern}`
  const known = crons.get(key)
  if (known !== undefined) return known
  if (crons.size >= CRONS_MAX) crons.clear()
  const cron = new Cron(pattern, { timezone, mode: '5-or-6-parts', paused: true })
  crons.set(key, cron)
  return cron
}

function hashOf(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6)
}
