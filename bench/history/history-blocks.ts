import { zstdDecompressSync } from 'node:zlib'
import {
  type Block,
  decodeBlock,
  diffProfiles,
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
} from '../../profile/index.ts'
import { busiestFunction } from './busiest-function.ts'
import { compactDays } from './compact-days.ts'
import { COST_HEADS, costsOf } from '../costs.ts'
import { fleetMonth } from './fleet-month.ts'
import { DAY } from '../inputs/heavy-tail-day.ts'
import { DAY_PROFILES, type MadeDay, packedDay, stored } from './packed-day.ts'
import { formatMs, formatTable } from '../report-table.ts'

const RECENT = 50
const CPU_TYPE = 1
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Whole days of the month; the days before and after are cut, and read from their profiles. */
const MONTH_DAYS = 29
const TARGETS = 100
/** A tenth of a fleet: targets are read one after the other. */
const FLEET = 10

/** Cold: from the stored bytes of a block, by code that has run before. Warm: the sum is cached, as decoders keep it. */
export async function benchBlocks(): Promise<string> {
  const first = await packedDay(1, 0)
  const second = await packedDay(2, 1)
  const sums = { before: sumOf([read(first.day)]), after: sumOf([read(second.day)]) }
  const day = read(first.day)
  const month = monthOf([day, read(second.day)])
  const monthSum = repairForViews(sumOfMonth(month, first, second))
  const recentSum = repairForViews(recent(read(first.lastHour)))
  const repaired = repairForViews(sums.before)
  const name = busiestFunction(repaired)
  const days = [first.day, second.day]
  const fleet = await fleetMonth({ month, days }, FLEET)
  const rows: [string, () => unknown, string][] = [
    [`${RECENT} to flame graph, cold`, () => flame(recent(read(first.lastHour))), '150'],
    [`${RECENT} to flame graph, warm`, () => draw(recentSum), '60'],
    ['1,440 to flame graph, cold', () => flame(sumOf([read(first.day)])), '250'],
    ['1,440 to flame graph, warm', () => draw(repaired), '100'],
    ['1,440: trend of the total, cold', () => total(read(first.day)), '50'],
    ['1,440: trend of a function, cold', () => trend(read(first.day), name), '50'],
    ['1,440: trend of a function, warm', () => trend(day, name), '50'],
    ['43,200 to flame graph, cold', () => flame(sumOfMonth(month, first, second)), '1,000'],
    ['43,200 to flame graph, warm', () => draw(monthSum), '-'],
    ['43,200: a function by day, cold', () => trend(read(month), name), '-'],
    ['day against day, warm', () => movers(sums.before, sums.after), '300'],
    [`a month of each of ${FLEET} targets to flame graph`, async () => flame(await fleet()), '-'],
  ]
  const measured: string[][] = []
  for (const [what, work, goal] of rows) measured.push([what, ...(await costsOf(work)), goal])
  const others = await otherFigures(first, month)
  return `${formatTable([['', ...COST_HEADS], ...measured])}\n\n${formatTable(others)}`
}

async function otherFigures(made: MadeDay, month: Uint8Array): Promise<string[][]> {
  const { day, rolledHours, gzipBytes, appendMs, readMs, analysisMs, hours, blobs } = made
  const compacted = await compactDays(blobs, hours, TARGETS)
  const share = (bytes: number) => (bytes / gzipBytes).toFixed(4)
  return [
    ['', 'figure', 'goal'],
    ['from the analysis of a profile to its month, processor ms', formatMs(appendMs), '-'],
    ['reading its file, where another process packs it', formatMs(readMs), '-'],
    ['the analysis of a profile, processor ms', formatMs(analysisMs), '-'],
    ['the first as a share of the second', (appendMs / analysisMs).toFixed(3), '0.1'],
    [`packing a day for ${TARGETS} targets, RSS MB`, compacted.peakMb.toFixed(0), '300'],
    ['the same for one, processor ms', formatMs(compacted.cpuMs / TARGETS), '-'],
    ['a profile of a day stored / its gzip', share(day.length), '0.2'],
    ['hours of a day stored / its gzip', share(rolledHours.length), '-'],
    ['days of a month stored / its gzip', share(month.length / MONTH_DAYS), '-'],
    ['stacks of a day', String(read(day).tables.samples.length), '-'],
  ]
}

function read(bytes: Uint8Array): Block {
  return decodeBlock(zstdDecompressSync(bytes, { chunkSize: bytes.length * 5 }))
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
  return stored(whole(mergeBlocks(rolled)))
}

/** The month, with half of the day before it and half of the day after. */
function sumOfMonth(month: Uint8Array, before: MadeDay, after: MadeDay): Profile {
  const blocks = [read(month), read(before.day), read(after.day)]
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
