import { readFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { distinctProfiles } from '../inputs/distinct-profiles.ts'
import { exampleProfile } from '../inputs/example-profiles.ts'
import { formatTable } from '../report-table.ts'
import { countAnalysed, untilAnalysed } from './analysed-count.ts'
import { commandLineOf, descendantsOf } from './processor-times.ts'
import { canStartStack, startStack } from './start-stack.ts'
import { uploadAtRate } from './upload-at-rate.ts'

const WARM_COUNT = 60
const COUNT = 120
/** Further ones that wait, so that no worker is idle before the end. */
const SPARE_COUNT = 40
const UPLOADS_PER_SECOND = 100
/** Each decoder runs for so long of a period, so that both workers together leave the processors idle. */
const PERIOD_MS = 250
const RUN_MS = 20
const ENV = { KUBEPROF_LOG_LEVEL: 'warn', KUBEPROF_WORKER_ANALYSES_MAX: '1' }

/**
 * What a second worker adds: profiles a second by one worker and by two, whose decoders are stopped for most of the time,
 * as if each worker had a slow machine of its own.
 */
export async function benchWorkers(): Promise<string> {
  if (!canStartStack()) return 'Needs Postgres, Redis and versitygw.'
  const one = await analysedPerSecond(1)
  const two = await analysedPerSecond(2)
  const head = ['by one worker, profiles a second', 'by two', 'the second adds %']
  return formatTable([head, [one.toFixed(2), two.toFixed(2), ((two / one - 1) * 100).toFixed(0)]])
}

async function analysedPerSecond(workerCount: number): Promise<number> {
  const stack = await startStack({ workerCount, env: ENV })
  const all = distinctProfiles(readFileSync(exampleProfile()), WARM_COUNT + COUNT + SPARE_COUNT)
  try {
    await uploadAtRate(stack.urls, all.slice(0, WARM_COUNT), UPLOADS_PER_SECOND)
    await untilAnalysed(stack.url, WARM_COUNT)
    const throttle = throttleDecoders(stack.pid)
    try {
      await uploadAtRate(stack.urls, all.slice(WARM_COUNT), UPLOADS_PER_SECOND)
      const startCount = await countAnalysed(stack.url)
      const startMs = performance.now()
      const endCount = await untilAnalysed(stack.url, startCount + COUNT)
      return ((endCount - startCount) / (performance.now() - startMs)) * 1000
    } finally {
      await throttle.stop()
    }
  } finally {
    await stack.stop()
  }
}

/** Stops and continues the decoders of workers below this process, in turn, as if each had a processor of its own. */
function throttleDecoders(pid: number): { readonly stop: () => Promise<void> } {
  const workers = descendantsOf(pid).filter((one) => commandLineOf(one).includes('\0work\0'))
  const decoders = workers.flatMap(descendantsOf).filter(isDecoder)
  const stopping = new AbortController()
  const run = async (decoder: number, row: number) => {
    setPriority(decoder, constants.priority.PRIORITY_NORMAL)
    process.kill(decoder, 'SIGSTOP')
    await setTimeout((row * PERIOD_MS) / decoders.length)
    while (!stopping.signal.aborted) {
      process.kill(decoder, 'SIGCONT')
      await setTimeout(RUN_MS)
      process.kill(decoder, 'SIGSTOP')
      await setTimeout(PERIOD_MS - RUN_MS)
    }
    process.kill(decoder, 'SIGCONT')
  }
  const running = decoders.map(run)
  return {
    async stop() {
      stopping.abort()
      await Promise.all(running)
    },
  }
}

function isDecoder(pid: number): boolean {
  return commandLineOf(pid).includes('decoder')
}
