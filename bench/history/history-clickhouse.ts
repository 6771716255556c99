import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { Value } from 'typebox/value'
import {
  type ClickhouseDatabase,
  HistoryOptions,
  openClickhouseDatabase,
  openClickhouseHistory,
  openNumberedReader,
  packNumbered,
} from '../../history/index.ts'
import {
  diffProfiles,
  encodeProfile,
  flameView,
  openView,
  type Profile,
  repairForViews,
  ROOT,
  samplesOfName,
} from '../../profile/index.ts'
import { COST_HEADS, costsOf, ownCpuMs } from '../costs.ts'
import { busiestFunction } from './busiest-function.ts'
import { copyDay, makeDay, storedBytes } from './clickhouse-days.ts'
import { DAY, heavyTailDay } from '../inputs/heavy-tail-day.ts'
import { memoryRows, type MemoryProfile } from './memory-rows.ts'
import { formatMs, formatTable } from '../report-table.ts'

const PACKAGES = join(homedir(), '.cache', 'kubeprof-chdb', 'node_modules')
const RECENT = 50
const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
const MONTH_DAYS = 30
const BATCHES = 90
const BATCH = 16
/** Appended one batch after another. */
const REAL = 100
const TICK_MS = 10
/** As far apart as the page shows points of a day. */
const STEP_MS = 15 * MINUTE_MS
const FIRST_MS = DAY.startMs + DAY_MS
const SECOND_MS = FIRST_MS + DAY_MS
const THIRD_MS = SECOND_MS + DAY_MS
const RECENT_MS = SECOND_MS - RECENT * MINUTE_MS
const MONTH_END_MS = FIRST_MS + MONTH_DAYS * DAY_MS

/**
 * The same as over blocks, over ClickHouse itself, in processor time of this process and of ClickHouse. Null where the
 * package chdb is not on this machine.
 */
export async function benchClickhouse(): Promise<string | null> {
  if (!existsSync(PACKAGES)) return null
  const data = mkdtempSync(join(tmpdir(), 'kubeprof-bench-clickhouse-'))
  const main = fileURLToPath(new URL('../../test/clickhouse-main.mjs', import.meta.url))
  const child = fork(main, [PACKAGES, data], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const exited = once(child, 'exit')
  try {
    const [port]: unknown[] = await once(child, 'message')
    const options = Value.Parse(
      HistoryOptions,
      Value.Default(HistoryOptions, {
        kind: 'clickhouse',
        clickhouseUrl: `http://127.0.0.1:${String(port)}`,
        clickhouseStatementMsMax: 600_000,
      }),
    )
    const database = await openClickhouseDatabase(options)
    const table = await measure(database, options, () => ownCpuMs() + clickhouseMs(child.pid ?? 0))
    await database.close()
    return table
  } finally {
    child.kill('SIGKILL')
    await exited
    rmSync(data, { recursive: true, force: true })
  }
}

async function measure(
  database: ClickhouseDatabase,
  options: HistoryOptions,
  nowMs: () => number,
): Promise<string> {
  const files = new Map<string, Uint8Array>()
  const blobs = { get: (key: string) => Promise.resolve(files.get(key) ?? null) }
  const { rows, numbered, add, wait } = memoryRows()
  const pack = (input: Parameters<typeof packNumbered>[1]) => packNumbered(blobs, input)
  const history = openClickhouseHistory({ rows, numbered, database, options, pack, now: Date.now })
  // The stacks of a day, in as many batches as it is appended in, so that they are numbered as they are met; then real
  // profiles to append.
  for (const batch of profilesOf(files, { count: BATCHES, drawCount: BATCH * DAY.drawCount })) {
    wait([batch])
    while (await history.compact());
  }
  wait(profilesOf(files, { count: REAL }))
  const startMs = nowMs()
  while (await history.compact());
  const appendMs = (nowMs() - startMs) / REAL
  const knownBytes = await storedBytes(database)
  const first = await makeDay(database, FIRST_MS)
  add(first)
  const dayBytes = (await storedBytes(database)) - knownBytes
  for (let day = 1; day < MONTH_DAYS; day++) add(await copyDay(database, first, day))

  const newReader = () => openNumberedReader((question) => database.answer(question), blobs)
  const warm = newReader()
  const planOf = (fromMs: number, toMs: number) =>
    history.plan({ space: 'default', selector: [], type: 'cpu', fromMs, toMs })
  const sum: Sum = async (reader, fromMs, toMs) =>
    (await reader.sum(await planOf(fromMs, toMs), { sampleIndex: '', by: null })).profile
  const trend: Trend = async (reader, fromMs, name) =>
    reader.series(await planOf(fromMs, SECOND_MS), {
      sampleIndex: '',
      choice: name === null ? null : { of: flatOf(name), ofLeaves: flatOf(name) },
      by: null,
      stepMs: STEP_MS,
      rateOf: null,
    })
  const day = repairForViews(await sum(warm, FIRST_MS, SECOND_MS))
  const parts = { newReader, warm, sum, trend, name: busiestFunction(day) }
  const works = [...worksOf(parts), ...(await warmWorks(parts, day))]
  const measured: string[][] = []
  for (const [what, work, goal] of works) {
    measured.push([what, ...(await costsOf(work, nowMs)), goal])
  }
  return formatTable([
    ['', ...COST_HEADS],
    ...measured,
    ['appending a profile', formatMs(appendMs), '-', '-'],
    ['MB stored for a day, stacks known', (dayBytes / 1e6).toFixed(1), '-', '-'],
  ])
}

function flatOf(name: string) {
  return (profile: Profile) => samplesOfName(profile, name).isFlat
}

type Reader = ReturnType<typeof openNumberedReader>
type Sum = (reader: Reader, fromMs: number, toMs: number) => Promise<Profile>
type Trend = (reader: Reader, fromMs: number, functionName: string | null) => Promise<unknown>
type Work = readonly [what: string, work: () => Promise<unknown>, goal: string]

interface Parts {
  readonly newReader: () => Reader
  /** Knows the stacks. */
  readonly warm: Reader
  readonly sum: Sum
  readonly trend: Trend
  readonly name: string
}

function worksOf({ newReader, warm, sum, trend, name }: Parts): readonly Work[] {
  // Each range begins at another millisecond, because the reader keeps the sums of those that it had last.
  let shiftMs = 0
  const before = (startMs: number) => startMs - (shiftMs = (shiftMs + 1) % MINUTE_MS)
  const recent = async (reader: Reader) => flame(await sum(reader, before(RECENT_MS), SECOND_MS))
  const day = async (reader: Reader) => flame(await sum(reader, before(FIRST_MS), SECOND_MS))
  const month = async (reader: Reader) => flame(await sum(reader, before(FIRST_MS), MONTH_END_MS))
  return [
    [`${RECENT} to flame graph, cold`, () => recent(newReader()), '150'],
    [`${RECENT} to flame graph, stacks known`, () => recent(warm), '150'],
    ['1,440 to flame graph, cold', () => day(newReader()), '250'],
    ['1,440 to flame graph, stacks known', () => day(warm), '250'],
    ['1,440: sum alone, stacks known', () => sum(warm, before(FIRST_MS), SECOND_MS), '-'],
    ['1,440: trend of the total, cold', () => trend(newReader(), FIRST_MS, null), '50'],
    ['1,440: trend of a function, cold', () => trend(newReader(), FIRST_MS, name), '50'],
    ['1,440: trend of a function, stacks known', () => trend(warm, before(FIRST_MS), name), '50'],
    [
      'day against day, stacks known',
      async () => {
        const shiftedMs = before(SECOND_MS)
        const first = await sum(warm, before(FIRST_MS), shiftedMs)
        return movers(first, await sum(warm, shiftedMs, THIRD_MS))
      },
      '300',
    ],
    ['43,200 from roll-ups to flame graph, cold', () => month(newReader()), '1000'],
    ['43,200 from roll-ups to flame graph, stacks known', () => month(warm), '1000'],
  ]
}

/** With the sums kept, as decoder processes keep them. */
async function warmWorks(
  { warm, sum, trend, name }: Parts,
  day: Profile,
): Promise<readonly Work[]> {
  const recent = repairForViews(await sum(warm, RECENT_MS, SECOND_MS))
  const next = repairForViews(await sum(warm, SECOND_MS, THIRD_MS))
  return [
    [`${RECENT} to flame graph, warm`, () => Promise.resolve(draw(recent)), '60'],
    ['1,440 to flame graph, warm', () => Promise.resolve(draw(day)), '100'],
    ['1,440: trend of a function, warm', () => trend(warm, FIRST_MS, name), '50'],
    ['day against day, warm', () => Promise.resolve(diff(day, next)), '300'],
  ]
}

/** Files of profiles of the day before the first. */
function profilesOf(
  files: Map<string, Uint8Array>,
  options: Partial<typeof DAY>,
): readonly MemoryProfile[] {
  return Array.from(heavyTailDay({ ...DAY, ...options }), (profile) => {
    const rawBlobKey = String(files.size)
    files.set(rawBlobKey, gzipSync(encodeProfile(profile)))
    const atMs = Number(profile.timeNs / 1_000_000n)
    return { profileId: `file ${rawBlobKey.padStart(6, '0')}`, rawBlobKey, atMs }
  })
}

const VIEW = { sampleTypeIndex: 1, granularity: 'functions', hasInlines: true } as const

function flame(profile: Profile) {
  return draw(repairForViews(profile))
}

function draw(repaired: Profile) {
  const view = openView(repaired, VIEW)
  return flameView(view.tree, { focusNode: ROOT, framesMax: 800, widthPx: null })
}

function movers(before: Profile, after: Profile) {
  return diff(repairForViews(before), repairForViews(after))
}

function diff(before: Profile, after: Profile) {
  return diffProfiles(before, after, { sampleIndex: 'cpu', sort: 'flat' })
}

/** As the kernel counts it, in ticks. */
function clickhouseMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}
