import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Value } from 'typebox/value'
import { BlobOptions, openStore, type StoredCapture, StoreOptions } from '../../store/index.ts'
import { exampleProfile } from '../inputs/example-profiles.ts'
import { spreadOf } from '../measure.ts'
import { formatTable } from '../report-table.ts'
import { KUBEPROF, REPOSITORY } from '../run-process.ts'

const TARGET_COUNT = 1000
const EVERY_SECONDS = 60
const SAMPLE_MS = 1000
/** What a process that has just started takes until its heap has found its size. */
const WARM_SHARE = 0.3

/**
 * A thousand processes behind one fake server, each captured every minute by one collector, for `--minutes` minutes: how
 * late captures begin, and whether the collector's memory stays as it is. Nothing is analysed meanwhile.
 */
export async function benchCollect(args: readonly string[]): Promise<string> {
  const { values } = parseArgs({
    args: [...args],
    options: { minutes: { type: 'string', default: '2' }, targets: { type: 'string' } },
  })
  const minutes = Number(values.minutes)
  const targetCount = Number(values.targets ?? TARGET_COUNT)
  const folder = mkdtempSync(join(tmpdir(), 'kubeprof-bench-'))
  const fleet = await startFleet()
  try {
    writeFileSync(join(folder, 'targets.yaml'), targetsFile(fleet.port, targetCount))
    const collector = startCollector(folder)
    const memoriesMb = await sampleMemory(collector, minutes * 60_000)
    const exited = new Promise((resolve) => collector.on('exit', resolve))
    collector.kill('SIGTERM')
    await exited
    return report(await readCaptures(folder), memoriesMb, minutes)
  } finally {
    fleet.child.kill()
    rmSync(folder, { recursive: true })
  }
}

function targetsFile(port: number, count: number): string {
  const names = Array.from({ length: count }, (_, index) => `p${index}`)
  return [
    'targets:',
    ...names.map(
      (name) => `  - { name: ${name}, kind: go, url: 'http://127.0.0.1:${port}/${name}' }`,
    ),
    'profileSets: { quick: { goroutine: {}, heap: {}, metrics: {} } }',
    `schedules: [{ name: s, every: ${EVERY_SECONDS}s, take: quick, targets: [${names.join(', ')}] }]`,
  ].join('\n')
}

async function startFleet(): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const main = join(REPOSITORY, 'bench', 'service', 'fake-fleet-main.ts')
  const child = spawn(process.execPath, [main, exampleProfile()], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.once('data', (text) => resolve(Number(String(text))))
    child.once('exit', () => reject(new Error('the fake processes did not start')))
  })
  return { child, port }
}

function startCollector(folder: string): ChildProcess {
  const targets = join(folder, 'targets.yaml')
  return spawn(KUBEPROF, ['collect', '--data', folder, '--targets', targets], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      KUBEPROF_LOG_LEVEL: 'error',
      KUBEPROF_STORE_FREE_BYTES_MIN: '0',
      KUBEPROF_STORE_RESERVE_BYTES: '0',
    },
  })
}

/** Resident memory, once a second. */
async function sampleMemory({ pid }: ChildProcess, forMs: number): Promise<readonly number[]> {
  const endMs = performance.now() + forMs
  const samples: number[] = []
  while (performance.now() < endMs) {
    await setTimeout(SAMPLE_MS)
    const match = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    if (match !== null) samples.push(Number(match[1]) / 1024)
  }
  return samples
}

async function readCaptures(directory: string): Promise<readonly StoredCapture[]> {
  const store = await openStore({
    ...Value.Create(StoreOptions),
    blobs: Value.Create(BlobOptions),
    directory,
    freeBytesMin: 0,
    reserveBytes: 0,
    onDiskFailure: (error) => {
      throw error
    },
  })
  const captures: StoredCapture[] = []
  let cursor: string | null = null
  do {
    const page = await store.captures.list({}, { limit: 500, cursor })
    captures.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null)
  await store.close()
  return captures
}

function report(
  captures: readonly StoredCapture[],
  memoriesMb: readonly number[],
  minutes: number,
): string {
  const lagsMs = captures.flatMap(({ startedAtMs, request }) =>
    startedAtMs === null ? [] : [startedAtMs - (request?.slotAtMs ?? Number.NaN)],
  )
  const sorted = [...lagsMs].sort((a, b) => a - b)
  const lag = spreadOf(lagsMs)
  const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN
  const warm = memoriesMb.slice(Math.floor(memoriesMb.length * WARM_SHARE))
  const memory = spreadOf(warm)
  const complete = captures.filter(({ status }) => status === 'complete').length
  return formatTable([
    [
      'captures',
      'complete',
      'per second',
      'lag median s',
      'lag p99 s',
      'lag max s',
      'memory median MB',
      'max MB',
      'MB per minute',
    ],
    [
      String(captures.length),
      String(complete),
      (captures.length / (minutes * 60)).toFixed(1),
      (lag.median / 1000).toFixed(2),
      (p99 / 1000).toFixed(2),
      (lag.max / 1000).toFixed(2),
      memory.median.toFixed(0),
      memory.max.toFixed(0),
      slopePerMinute(warm).toFixed(2),
    ],
  ])
}

/** Of the line through samples that are a second apart, by least squares. */
function slopePerMinute(values: readonly number[]): number {
  const { length } = values
  const meanAt = (length - 1) / 2
  const mean = values.reduce((sum, value) => sum + value, 0) / length
  const above = values.reduce((sum, value, at) => sum + (at - meanAt) * (value - mean), 0)
  const below = values.reduce((sum, _, at) => sum + (at - meanAt) ** 2, 0)
  return (above / below) * 60
}
