import {
  type Block,
  type BlockHeader,
  type BlockMember,
  type BlockShape,
  compareEntries,
  EMPTY_TABLES,
  shapeKey,
} from '../../profile/index.ts'
import { type ReadBlobs, readUnpacked } from '../blocks/read-blocks.ts'
import type { NumberedMembers, RangePlan } from '../plan.ts'
import type { LineBody } from './pack-numbered.ts'
import type { LineId } from './questions.ts'
import { NativeColumns } from './native-columns.ts'
import { type Ask, incomplete, spanOf } from './stack-sums.ts'

/** The profiles of one shape that a range is about. */
export interface NumberedShape {
  readonly lines: readonly LineId[]
  /** The main binary of the first profile, as text. */
  readonly mainMapping: string
  /** Profiles in ClickHouse: a block whose columns are empty. */
  readonly block: Block
  readonly factOf: (member: BlockMember) => NumberedFact
  /** Profiles that are not there yet. */
  readonly pending: readonly Block[]
  readonly isSelected: (member: BlockMember) => boolean
}

export interface NumberedFact {
  readonly number: number
  /** Index of the line. */
  readonly line: number
  /** Of each sample type: the sum of values. */
  readonly sums: readonly bigint[]
}

interface ProfileRow extends NumberedFact {
  readonly timeNs: bigint
  readonly durationNs: bigint
  readonly totals: readonly bigint[]
}

/** Is told which lines there are before their profiles are asked for. */
export type OnLines = (lines: readonly LineRow[]) => void

/** What a plan is about, shape by shape, those with profiles of the range alone. */
export async function loadNumbered(
  ask: Ask,
  blobs: ReadBlobs,
  plan: RangePlan,
  members: NumberedMembers,
  onLines: OnLines = () => undefined,
): Promise<readonly NumberedShape[]> {
  const stored = await storedShapes(ask, members, onLines)
  const { blocks: unpacked } = await readUnpacked(blobs, plan.pending)
  const pendingOf = Map.groupBy(unpacked, ({ shape }) => shapeKey(shape))
  const isInSeries = new Set(plan.series.map(({ id }) => id))
  const isSelected = ({ atMs, series }: BlockMember) =>
    atMs >= plan.fromMs && atMs < plan.toMs && isInSeries.has(series)
  return [...new Set([...stored.keys(), ...pendingOf.keys()])]
    .flatMap((key): NumberedShape[] => {
      const pending = pendingOf.get(key) ?? []
      const known = stored.get(key) ?? emptyShape(pending)
      return known === null ? [] : [{ ...known, pending, isSelected }]
    })
    .filter(({ block, pending }) => [block, ...pending].some((one) => one.members.some(isSelected)))
}

type StoredShape = Omit<NumberedShape, 'pending' | 'isSelected'>

function emptyShape([first]: readonly Block[]): StoredShape | null {
  if (first === undefined) return null
  const { shape } = first
  const block = { shape, tables: EMPTY_TABLES, headers: first.headers, members: [] }
  return { lines: [], mainMapping: '', block, factOf: unnumbered }
}

function unnumbered(): never {
  throw new RangeError('the profile has no number')
}

async function storedShapes(
  ask: Ask,
  { series, rows }: NumberedMembers,
  onLines: OnLines,
): Promise<ReadonlyMap<string, StoredShape>> {
  if (rows.length === 0) return new Map()
  const lines = await linesOf(ask, series)
  onLines(lines)
  const facts = await factsOf(
    ask,
    lines.map(({ id }) => id),
    rows,
  )
  const found = rows.map((row) => {
    const fact = facts.get(row[3])
    const line = fact === undefined ? undefined : lines[fact.line]
    if (fact === undefined || line === undefined) throw incomplete(rows.length)
    return { row, fact, line }
  })
  const shapes = [...Map.groupBy(found, ({ line }) => line.key)]
  return new Map(
    shapes.map(([key, own]) => [key, shapeOf(own, { lines, processes: series })] as const),
  )
}

interface Found {
  readonly row: NumberedMembers['rows'][number]
  readonly fact: ProfileRow
  readonly line: LineRow
}

interface Context {
  readonly lines: readonly LineRow[]
  readonly processes: NumberedMembers['series']
}

function shapeOf(found: readonly Found[], { lines, processes }: Context): StoredShape {
  const factById = new Map(found.map(({ row, fact }) => [row[0], fact]))
  const members = found.map(({ row: [profileId, index, atMs], fact }): BlockMember => {
    const { timeNs, durationNs, totals } = fact
    return {
      profileId,
      series: processes[index]?.id ?? '',
      process: processes[index]?.process ?? '',
      atMs,
      header: fact.line,
      timeNs,
      durationNs,
      isDelta: false,
      hasRestarted: false,
      rolled: null,
      totals,
      magnitudes: totals.map(Number),
      column: new Uint8Array(),
    }
  })
  const [first] = found
  return {
    lines: lines.map(({ id }) => id),
    mainMapping: first?.line.mainMapping ?? '',
    block: {
      shape: first?.line.shape ?? { sampleTypes: [], periodType: null, isTimed: false },
      tables: EMPTY_TABLES,
      headers: lines.map(({ header }) => header),
      members: members.toSorted(compareEntries),
    },
    factOf({ profileId }) {
      const fact = factById.get(profileId)
      return fact ?? unnumbered()
    },
  }
}

export interface LineRow {
  readonly id: LineId
  readonly key: string
  readonly shape: BlockShape
  readonly header: BlockHeader
  readonly mainMapping: string
}

async function linesOf(ask: Ask, series: NumberedMembers['series']): Promise<readonly LineRow[]> {
  const seriesIds = series.map(({ id }) => id)
  const columns = new NativeColumns(await ask({ ask: 'lines', seriesIds }))
  const bodies = columns.texts(2)
  return columns.hashes(0).map((id, row) => {
    const { shape, header, mainMapping }: LineBody = JSON.parse(bodies[row] ?? '')
    const period = BigInt(header.period)
    return { id, key: shapeKey(shape), shape, header: { ...header, period }, mainMapping }
  })
}

/** By number. */
async function factsOf(
  ask: Ask,
  lines: readonly LineId[],
  members: NumberedMembers['rows'],
): Promise<ReadonlyMap<number, ProfileRow>> {
  const span = spanOf(members.map(([, , atMs]) => ({ atMs })))
  const columns = new NativeColumns(await ask({ ask: 'profiles', lines, ...span }))
  const [lineOf, times, durations] = [columns.u32(1), columns.i64(2), columns.i64(3)]
  const [sums, totals] = [columns.i128Lists(4), columns.i128Lists(5)]
  const rows = Array.from(columns.counts(0), (number, row): ProfileRow => ({
    number,
    line: lineOf[row] ?? 0,
    timeNs: times[row] ?? 0n,
    durationNs: durations[row] ?? 0n,
    sums: sums[row] ?? [],
    totals: totals[row] ?? [],
  }))
  return new Map(rows.map((row) => [row.number, row]))
}
