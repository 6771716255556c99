import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { distinctProfiles } from '../inputs/distinct-profiles.ts'
import { exampleProfile } from '../inputs/example-profiles.ts'
import { spreadOf } from '../measure.ts'
import { formatMs, formatTable } from '../report-table.ts'
import { KUBEPROF } from '../run-process.ts'
import { countAnalysed, untilAnalysed } from './analysed-count.ts'
import { PROCESS_PURPOSES, processorTimesByPurpose } from './processor-times.ts'
import { startServer } from './start-server.ts'
import { canStartStack, type StartedStack, startStack } from './start-stack.ts'
import { type Uploads, uploadAtRate } from './upload-at-rate.ts'

/** Not measured: a process that has just started compiles code for its first work. */
const WARM_COUNT = 200
const WARM_PER_SECOND = 50
const ENV = { KUBEPROF_LOG_LEVEL: 'warn' }
/** As many decoders in both shapes. */
const STACK_ENV = { ...ENV, KUBEPROF_WORKER_ANALYSES_MAX: '1' }

const SHAPES: Readonly<Record<string, (program: string) => Promise<StartedStack>>> = {
  'one process': async (program) => {
    const server = await startServer({ program, env: ENV })
    return { ...server, urls: [server.url] }
  },
  'scaled out': (program) => startStack({ program, env: STACK_ENV }),
}

/**
 * Uploads at a steady rate while the same machine analyses, then the rest of the analyses: in one process, and scaled out
 * where Postgres, Redis and S3 are installed, or in one of these shapes with `--shape`. `--beside PROGRAM` measures another
 * checkout's kubeprof in turn.
 */
export async function benchLoad(args: readonly string[]): Promise<string> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rate: { type: 'string', default: '150' },
      seconds: { type: 'string', default: '10' },
      rounds: { type: 'string', default: '1' },
      shape: { type: 'string' },
      beside: { type: 'string' },
    },
  })
  const { shape, beside } = values
  const shapes = Object.entries(SHAPES).filter(([name]) => name === (shape ?? name))
  const programs = beside === undefined ? [KUBEPROF] : [KUBEPROF, beside]
  const measured: [string, MeasuredLoad][] = []
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [name, start] of shapes) {
      if (name === 'scaled out' && !canStartStack()) continue
      for (const program of programs) {
        const loaded = await start(program)
        try {
          const load = await measureLoad(loaded, Number(values.rate), Number(values.seconds))
          measured.push([program === beside ? `${name}, beside` : name, load])
        } finally {
          await loaded.stop()
        }
      }
    }
  }
  const loads = measured.map(([name, load]) => [name, ...loadRow(load)])
  const costs = measured.flatMap(([name, load]) => costRows(load).map((row) => [name, ...row]))
  return `${formatTable([LOAD_HEAD, ...loads])}\n\n${formatTable([COST_HEAD, ...costs])}`
}

interface MeasuredLoad {
  readonly uploads: Phase & Uploads
  readonly rest: Phase
}

/** What a stretch of time did: analyses, its length, and processor time by purpose. */
interface Phase {
  readonly analysedCount: number
  readonly seconds: number
  readonly processorMs: ReadonlyMap<string, number>
}

async function measureLoad(
  loaded: StartedStack,
  rate: number,
  seconds: number,
): Promise<MeasuredLoad> {
  const example = readFileSync(exampleProfile())
  const all = distinctProfiles(example, WARM_COUNT + rate * seconds)
  const warm = await uploadAtRate(loaded.urls, all.slice(0, WARM_COUNT), WARM_PER_SECOND)
  await untilAnalysed(loaded.url, warm.timesMs.length)
  const start = await look(loaded)
  const uploads = await uploadAtRate(loaded.urls, all.slice(WARM_COUNT), rate)
  const uploaded = await look(loaded)
  await untilAnalysed(loaded.url, warm.timesMs.length + uploads.timesMs.length)
  const end = await look(loaded)
  return { uploads: { ...between(start, uploaded), ...uploads }, rest: between(uploaded, end) }
}

const LOAD_HEAD = [
  '',
  'uploads a second',
  'refused',
  'median ms',
  'p95 ms',
  'p99 ms',
  'max ms',
  'analysed a second meanwhile',
  'analysed a second then',
]

function loadRow({ uploads, rest }: MeasuredLoad): readonly string[] {
  const { median, p95, p99, max } = spreadOf(uploads.timesMs)
  return [
    (uploads.timesMs.length / uploads.seconds).toFixed(0),
    String(uploads.refusedCount),
    ...[median, p95, p99, max].map(formatMs),
    (uploads.analysedCount / uploads.seconds).toFixed(1),
    (rest.analysedCount / rest.seconds).toFixed(1),
  ]
}

const COST_HEAD = ['', 'processor ms of', 'all', ...PROCESS_PURPOSES]

/** An analysis costs what it costs after the uploads, and an upload the rest of what was used during them. */
function costRows({ uploads, rest }: MeasuredLoad): readonly (readonly string[])[] {
  const analysisMs = PROCESS_PURPOSES.map((one) => msOf(rest, one) / rest.analysedCount)
  const uploadMs = PROCESS_PURPOSES.map((one, row) => {
    const analysesMs = (analysisMs[row] ?? 0) * uploads.analysedCount
    return (msOf(uploads, one) - analysesMs) / uploads.timesMs.length
  })
  return [
    ['an analysis', ...withSum(analysisMs).map(formatMs)],
    ['an upload', ...withSum(uploadMs).map(formatMs)],
  ]
}

function msOf({ processorMs }: Phase, purpose: string): number {
  return processorMs.get(purpose) ?? 0
}

function withSum(values: readonly number[]): readonly number[] {
  return [values.reduce((sum, value) => sum + value, 0), ...values]
}

interface Look {
  readonly atMs: number
  readonly analysedCount: number
  readonly processorMs: ReadonlyMap<string, number>
}

async function look({ url, pid }: StartedStack): Promise<Look> {
  const analysedCount = await countAnalysed(url)
  return { atMs: performance.now(), analysedCount, processorMs: processorTimesByPurpose(pid) }
}

function between(start: Look, end: Look): Phase {
  const times = [...end.processorMs].map(
    ([purpose, ms]) => [purpose, ms - (start.processorMs.get(purpose) ?? 0)] as const,
  )
  return {
    analysedCount: end.analysedCount - start.analysedCount,
    seconds: (end.atMs - start.atMs) / 1000,
    processorMs: new Map(times),
  }
}
