import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { exampleProfile } from '../inputs/example-profiles.ts'
import { fillSqlite } from '../inputs/fill-sqlite.ts'
import { spreadOf } from '../measure.ts'
import { formatMs, formatTable } from '../report-table.ts'
import { processorTimesOf } from './processor-times.ts'
import { countAnalysed, untilAnalysed } from './analysed-count.ts'
import { type Memory, type ServerToStart, type StartedServer, startServer } from './start-server.ts'
import { upload } from './upload-at-rate.ts'

const ROUNDS = 5
const SETTLE_MS = 2000
const PROFILES = 100_000

/**
 * How long `kubeprof serve` takes until it answers, with nothing stored and with 100,000 profiles, and how much memory it
 * and its decoder hold with nothing to do: after the start, and after an analysis.
 */
export async function benchStart(): Promise<string> {
  const head = [
    'profiles',
    'to ready, ms: min / median / max',
    'processor ms',
    'MB held after the start',
    'sum of RSS',
    'MB held after an analysis',
    'sum of RSS',
  ]
  const prepare = (folder: string) => fillSqlite(folder, PROFILES)
  return formatTable([
    head,
    ['0', ...(await startsOf({}))],
    [PROFILES.toLocaleString('en'), ...(await startsOf({ prepare }))],
  ])
}

async function startsOf(options: ServerToStart): Promise<readonly string[]> {
  const timesMs: number[] = []
  const cpuMs: number[] = []
  const memories = { started: new Array<Memory>(), analysed: new Array<Memory>() }
  for (let round = 0; round < ROUNDS; round++) {
    const server = await startServer(options)
    try {
      cpuMs.push(processorTimesOf(server.pid).ownMs)
      timesMs.push(server.readyMs)
      memories.started.push(await memoryAtRest(server))
      const analysedCount = await countAnalysed(server.url)
      await upload(server.url, readFileSync(exampleProfile()))
      await untilAnalysed(server.url, analysedCount + 1)
      memories.analysed.push(await memoryAtRest(server))
    } finally {
      await server.stop()
    }
  }
  return [
    shown(timesMs, formatMs),
    shown(cpuMs, formatMs),
    ...[memories.started, memories.analysed].flatMap((all) => [
      shown(
        all.map(({ heldMb }) => heldMb),
        formatMb,
      ),
      shown(
        all.map(({ residentMb }) => residentMb),
        formatMb,
      ),
    ]),
  ]
}

async function memoryAtRest({ memory }: Pick<StartedServer, 'memory'>): Promise<Memory> {
  await setTimeout(SETTLE_MS)
  return memory() ?? { heldMb: Number.NaN, residentMb: Number.NaN }
}

function formatMb(mb: number): string {
  return mb.toFixed(0)
}

function shown(values: readonly number[], format: (value: number) => string): string {
  const { min, median, max } = spreadOf(values)
  return [min, median, max].map(format).join(' / ')
}
