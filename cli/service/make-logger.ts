import { destination, pino, type Logger } from 'pino'
import type { LogOptions } from '../settings/log-options.ts'

/** Logs JSON lines to standard output. On a terminal requests are not logged. */
export function makeLogger({ level }: LogOptions, isTerminal: boolean): Logger {
  const chosen = level === 'auto' ? (isTerminal ? 'warn' : 'info') : level
  return pino({ level: chosen, base: null }, destination({ fd: 1, sync: true }))
}
