import { Cron } from 'croner'
import type { Timing } from '../../store/index.ts'

const DAY_MS = 24 * 3600 * 1000
/** A Monday, from which the runs of a cron pattern are counted: the same answer whenever it is asked. */
const COUNTED_FROM_MS = Date.UTC(2026, 0, 5)
const DAYS_MAX = 365
const RUNS_MAX = 300

const counted = new Map<string, number>()
const COUNTED_MAX = 1000

/** How often a schedule captures one process in a day, on average. */
export function capturesPerDay(timing: Timing): number {
  if (timing.kind === 'interval') return DAY_MS / timing.intervalMs
  const key = `${timing.timezone} ${timing.pattern}`
  const known = counted.get(key)
  if (known !== undefined) return known
  if (counted.size >= COUNTED_MAX) counted.clear()
  const rate = runsPerDay(timing)
  counted.set(key, rate)
  return rate
}

function runsPerDay({ pattern, timezone }: Extract<Timing, { kind: 'cron' }>): number {
  const cron = new Cron(pattern, { timezone, mode: '5-or-6-parts', paused: true })
  const endMs = COUNTED_FROM_MS + DAYS_MAX * DAY_MS
  const first = cron.nextRun(new Date(COUNTED_FROM_MS - 1))
  const firstMs = first?.getTime() ?? 0
  let count = 0
  let run = first
  while (run !== null && run.getTime() < endMs) {
    count++
    if (count > RUNS_MAX) return (RUNS_MAX * DAY_MS) / (run.getTime() - firstMs)
    run = cron.nextRun(run)
  }
  return count / DAYS_MAX
}
