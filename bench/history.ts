import { constants, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import {
  type Block,
  blockOfProfiles,
  decodeBlock,
  diffProfiles,
  encodeBlock,
  encodeProfile,
  type EnteredProfile,
  flameView,
  memberValues,
  mergeBlocks,
  openView,
  type Profile,
  repairForViews,
  rollUp,
  ROOT,
  samplesOfName,
  sumBlocks,
  unifyRows,
} from '../profile/index.ts'
import { DAY, heavyTailDay } from './heavy-tail-day.ts'
import { spreadOf } from './measure.ts'
import { formatMs, formatTable } from './report-table.ts'

const ROUNDS = 7
const HOUR_PROFILES = 60
const DAY_PROFILES = 1440
const RECENT = 50
const CPU_TYPE = 1
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Whole days of the month; the days before and after are cut, and read from their profiles. */
const MONTH_DAYS = 29

/**
 * Ranges over blocks of heavy-tailed days, in processor time of this process, which other load changes least. Cold: from
 * the stored bytes of a block, by code that has run before. Warm: the sum is cached, as decoders keep it.
 */
export async function benchHistory(): Promise<string> {
  const first = makeDay(1, 0)
  const second = makeDay(2, 1)
  const { stored, hour } = first
  const sums = { before: sumOf([read(stored)]), after: sumOf([read(second.stored)]) }
  const day = read(stored)
  const rolledHours = store(rollUp(day, HOUR_MS))
  const month = monthOf([day, read(second.stored)])
  const monthSum = repairForViews(sumOfMonth(month, first, second))
  const repaired = repairForViews(sums.before)
  const [name = ''] = [...openTop(repaired)]
  const rows: [string, () => unknown, string][] = [
    [`${RECENT} to flame graph, cold`, () => flame(recent(read(hour))), '150'],
    ['1,440 to flame graph, cold', () => flame(sumOf([read(stored)])), '250'],
    ['1,440 to flame graph, warm', () => draw(repaired), '100'],
    ['1,440: trend of the total, cold', () => total(read(stored)), '50'],
    ['1,440: trend of a function, cold', () => trend(read(stored), name), '50'],
    ['1,440: trend of a function, warm', () => trend(day, name), '50'],
    ['43,200 to flame graph, cold', () => flame(sumOfMonth(month, first, second)), '1,000'],
    ['43,200 to flame graph, warm', () => draw(monthSum), '-'],
    ['43,200: a function by day, cold', () => trend(read(month), name), '-'],
    ['day against day, warm', () => movers(sums.before, sums.after), '300'],
    ['packing a day from its hours', () => mergeBlocks(first.hours.map(read)), '-'],
    ['rolling its hours up', () => store(rollUp(day, HOUR_MS)), '-'],
    ['and its day into the month', () => joinMonth(read(month), read(rolledHours)), '-'],
  ]
  const measured = rows.map(([what, work, goal]) => [what, cpuMs(work), goal])
  return formatTable([
    ['', 'min / median / max processor ms', 'goal'],
    ...measured,
    ['packing a profile into an hour', formatMs(first.packMs), '10 % of an analysis'],
    ['a profile stored / its gzip', (stored.length / first.gzipBytes).toFixed(3), '0.2'],
    ['hours of a day stored / its gzip', (rolledHours.length / first.gzipBytes).toFixed(3), '-'],
    [
      'days of a month stored / its gzip',
      (month.length / first.gzipBytes / MONTH_DAYS).toFixed(4),
      '-',
    ],
    ['stacks of a day', String(read(stored).tables.samples.length), '-'],
    ['peak MB of all this, two days held', (process.resourceUsage().maxRSS / 1024).toFixed(0), '-'],
  ])
}

interface MadeDay {
  readonly stored: Uint8Array
  readonly hour: Uint8Array
  readonly hours: readonly Uint8Array[]
  readonly gzipBytes: number
  /** Per profile. */
  readonly packMs: number
}

function makeDay(seed: number, day: number): MadeDay {
  const startMs = DAY.startMs + day * DAY_PROFILES * DAY.stepMs
  const hours: Uint8Array[] = []
  let entered: EnteredProfile[] = []
  let gzipBytes = 0
  let packMs = 0
  let index = 0
  for (const profile of heavyTailDay({ ...DAY, seed, startMs, count: DAY_PROFILES })) {
    gzipBytes += gzipSync(encodeProfile(profile)).length
    const atMs = startMs + index * DAY.stepMs
    const profileId = `${day} ${String(index++).padStart(6, '0')}`
    entered.push({ entry: { profileId, series: 's', process: 'p', atMs }, profile })
    if (entered.length < HOUR_PROFILES) continue
    const start = nowCpuMs()
    hours.push(store(blockOfProfiles(entered)))
    packMs += nowCpuMs() - start
    entered = []
  }
  const hour = hours.at(-1)
  if (hour === undefined) throw new Error('the day is empty')
  return {
    stored: store(whole(mergeBlocks(hours.map(read)))),
    hour,
    hours,
    gzipBytes,
    packMs: packMs / DAY_PROFILES,
  }
}

function store(block: Block): Uint8Array {
  return zstdCompressSync(encodeBlock(block), {
    params: { [constants.ZSTD_c_compressionLevel]: 3 },
  })
}

function read(stored: Uint8Array): Block {
  return decodeBlock(zstdDecompressSync(stored))
}

/** A month whose days are those of the blocks in turn, as it is stored. */
function monthOf(days: readonly Block[]): Uint8Array {
  const rolled = Array.from({ length: MONTH_DAYS }, (_, index) => {
    const block = days[index % days.length] ?? whole(null)
    const [first] = block.members
    const startMs = DAY.startMs + (index + 1) * DAY_MS - (first?.atMs ?? 0)
    const members = block.members.map((member) => ({ ...member, atMs: member.atMs + startMs }))
    return rollUp({ ...block, members }, DAY_MS)
  })
  return store(whole(mergeBlocks(rolled)))
}

function joinMonth(month: Block, hours: Block): Uint8Array {
  return store(whole(mergeBlocks([month, rollUp(hours, DAY_MS)])))
}

/** The month, with half of the day before it and half of the day after. */
function sumOfMonth(month: Uint8Array, before: MadeDay, after: MadeDay): Profile {
  const blocks = [read(month), read(before.stored), read(after.stored)]
  const halves = blocks.slice(1).map(({ members }) => members.slice(DAY_PROFILES / 2))
  const isHalf = new Set(halves.flat())
  const isKept = (member: Block['members'][number], block: number) =>
    block === 0 || isHalf.has(member)
  return profileOf(sumBlocks(blocks, { ...ALL, isKept }))
}

function whole(block: Block | null): Block {
  if (block === null) throw new Error('there are no profiles')
  return block
}

const ALL = { kind: 'interval', isKept: () => true, isSelected: () => true } as const

function sumOf(blocks: readonly Block[]): Profile {
  return profileOf(sumBlocks(blocks, ALL))
}

function recent(block: Block): Profile {
  const ids = new Set(block.members.slice(-RECENT).map(({ profileId }) => profileId))
  return profileOf(
    sumBlocks([block], { ...ALL, isSelected: ({ profileId }) => ids.has(profileId) }),
  )
}

function profileOf(sum: ReturnType<typeof sumBlocks>): Profile {
  if (sum === null) throw new Error('there is nothing to sum')
  return sum.profile
}

function flame(profile: Profile) {
  return draw(repairForViews(profile))
}

function draw(repaired: Profile) {
  const view = openView(repaired, {
    sampleTypeIndex: CPU_TYPE,
    granularity: 'functions',
    hasInlines: true,
  })
  return flameView(view.tree, { focusNode: ROOT, framesMax: 800, widthPx: null })
}

function* openTop(repaired: Profile): Generator<string> {
  for (const { name } of draw(repaired).frames.slice(20)) yield name
}

function total(block: Block) {
  return values(block, null)
}

function trend(block: Block, name: string) {
  return values(block, samplesOfName(block.tables, name).isFlat)
}

function values(block: Block, isCounted: Uint8Array | null) {
  const unified = unifyRows([block])
  return memberValues([block], { ...ALL, type: CPU_TYPE, unified, isCounted })
}

function movers(before: Profile, after: Profile) {
  return diffProfiles(repairForViews(before), repairForViews(after), {
    sampleIndex: 'cpu',
    sort: 'flat',
  })
}

function cpuMs(work: () => unknown): string {
  const times: number[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const start = nowCpuMs()
    work()
    if (round > 0) times.push(nowCpuMs() - start)
  }
  const { min, median, max } = spreadOf(times)
  return [min, median, max].map((ms) => formatMs(ms)).join(' / ')
}

function nowCpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
