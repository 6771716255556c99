import { writeFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'

/** Of the session: a third of the weight of others, so that analyses go on beside other work of the machine. */
const SESSION_NICE = 5
/** Without rights of its own, only one process of the machine may change its session in a tenth of a second. */
const TRIES_MAX = 20
const PAUSE_MS = 150

/** Lowers the priority of a process. */
export function putBehind(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // The process has already ended; its caller gets that error.
  }
}

/**
 * The same for the session of which it is the first. Where no containers or services divide them, Linux divides a processor
 * among sessions first (sched_autogroup) and regards the priority of a process only within its own; each connection of
 * Postgres is a session, so it would wait for analyses as for anything else.
 */
export function putSessionBehind(pid: number, tries = 1): void {
  try {
    writeFileSync(`/proc/${pid}/autogroup`, String(SESSION_NICE))
  } catch (error) {
    // Other errors: it has ended, or the system does not have this.
    if (!isTryLater(error) || tries === TRIES_MAX) return
    const pauseMs = PAUSE_MS * (0.5 + Math.random())
    setTimeout(() => putSessionBehind(pid, tries + 1), pauseMs).unref()
  }
}

function isTryLater(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN'
}
