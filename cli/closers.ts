/** What has been opened, to be closed in reverse order. */
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

/** Settles at the first SIGTERM or SIGINT. A second one ends the process at once, which is safe at any time. */
export function untilSignal(): Promise<void> {
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
