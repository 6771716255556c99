import type { Writable } from 'node:stream'
import { pino, type DestinationStream, type Logger } from 'pino'
import type { LogOptions } from '../../settings/log-options.ts'

const UNREAD_BYTES_MAX = 1_048_576

/** Logs JSON lines to standard output. On a terminal requests are not logged. */
export function makeLogger({ level }: LogOptions, isTerminal: boolean): Logger {
  const chosen = level === 'auto' ? (isTerminal ? 'warn' : 'info') : level
  return pino({ level: chosen, base: null }, dropUnreadLines(process.stdout))
}

/**
 * A pipe that is not read must not stop the server, which would wait for room in it: beyond a limit lines are dropped,
 * and their number is logged once there is room. Node writes to pipes without blocking; files and terminals are written
 * at once.
 */
export function dropUnreadLines(output: Writable): DestinationStream {
  let droppedCount = 0
  // A reader that is gone must not stop the server either.
  output.on('error', () => undefined)
  return {
    write(line) {
      if (output.writableLength > UNREAD_BYTES_MAX) {
        droppedCount += 1
        return
      }
      if (droppedCount > 0) output.write(dropNotice(droppedCount))
      droppedCount = 0
      output.write(line)
    },
  }
}

function dropNotice(count: number): string {
  const msg = 'lines of this log were dropped, because standard output was not read'
  return `${JSON.stringify({ level: pino.levels.values['warn'], time: Date.now(), count, msg })}\n`
}
