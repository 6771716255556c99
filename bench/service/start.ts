import { setTimeout } from 'node:timers/promises'
import { spreadOf } from '../measure.ts'
import { formatMs, formatTable } from '../report-table.ts'
import { startServer } from './start-server.ts'

const ROUNDS = 5
const SETTLE_MS = 2000

/** How long `kubeprof serve` takes until it answers, and how much memory it then holds with nothing to do. */
export async function benchStart(): Promise<string> {
  const timesMs: number[] = []
  const memoriesMb: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const server = await startServer()
    try {
      await setTimeout(SETTLE_MS)
      timesMs.push(server.readyMs)
      memoriesMb.push(server.memoryMb() ?? NaN)
    } finally {
      await server.stop()
    }
  }
  const ms = spreadOf(timesMs)
  const mb = spreadOf(memoriesMb)
  return formatTable([
    ['', 'min', 'median', 'max'],
    ['from start to ready, ms', formatMs(ms.min), formatMs(ms.median), formatMs(ms.max)],
    ['idle memory with decoders, MB', mb.min.toFixed(0), mb.median.toFixed(0), mb.max.toFixed(0)],
  ])
}
