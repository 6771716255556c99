import type { Log } from '../log.ts'

export interface RepeatOptions {
  readonly everyMs: number
  readonly log: Pick<Log, 'warn'>
}

export interface RepeatedTask {
  /** Settles when the task has stopped. */
  readonly stop: () => Promise<void>
}

/** Runs the work repeatedly, with this pause after each end. A failure is logged and tried again next time. */
export function repeatTask(
  name: string,
  { everyMs, log }: RepeatOptions,
  work: () => Promise<void>,
): RepeatedTask {
  let isStopped = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()

  const plan = (delayMs: number): void => {
    timer = setTimeout(() => {
      const startMs = performance.now()
      running = work()
        .catch((error: unknown) => log.warn({ err: error, task: name }, 'a task failed'))
        .finally(() => {
          if (!isStopped) plan(Math.max(0, everyMs - (performance.now() - startMs)))
        })
    }, delayMs)
  }
  plan(0)
  return {
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await running
    },
  }
}
