/** Resources that were opened, to be closed in reverse order. */
export interface Closers {
  readonly add: (close: () => Promise<void> | void) => void
  /** Closes all, last opened first, even when one of them fails; then throws the first failure. */
  readonly closeAll: () => Promise<void>
}

export function makeClosers(): Closers {
  const closers: (() => Promise<void> | void)[] = []
  return {
    add: (close) => {
      closers.push(close)
    },
    async closeAll() {
      const failures: unknown[] = []
      for (let close = closers.pop(); close !== undefined; close = closers.pop()) {
        try {
          await close()
        } catch (error) {
          failures.push(error)
        }
      }
      if (failures.length > 0) throw failures[0]
    },
  }
}

/** Kubernetes kills a server or worker after 30 s, and a collector after 150. */
const CLOSING_MS_MAX = 25_000
const LINGERING_MS_MAX = 1000

/**
 * Runs until SIGTERM or SIGINT, then closes all and returns the exit code. A second signal, or a close that takes too
 * long, ends the process at once, which is safe at any time. `capturesMs`: how long captures under way may take.
 */
export async function closeOnSignal(closers: Closers, capturesMs = 0): Promise<number> {
  await untilSignal()
  exitAfter(CLOSING_MS_MAX + capturesMs, 1)
  await closers.closeAll()
  // A client that has lost its server may leave timers behind.
  exitAfter(LINGERING_MS_MAX, 0)
  return 0
}

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    let isStopping = false
    const onSignal = (): void => {
      if (isStopping) process.exit(1)
      isStopping = true
      resolve()
    }
    process.on('SIGTERM', onSignal).on('SIGINT', onSignal)
  })
}

function exitAfter(delayMs: number, exitCode: number): void {
  setTimeout(() => process.exit(exitCode), delayMs).unref()
}
