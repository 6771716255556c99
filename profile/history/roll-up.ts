import {
  type Block,
  type BlockHeader,
  type BlockMember,
  type BlockShape,
  compareEntries,
  cumulativeTypes,
  kindsOf,
  lastMsOf,
  profileCountOf,
} from './block.ts'
import { ChangeReader, isWide, type Place } from './change-reader.ts'
import { chainsOf, grownMsOf, type Link } from './chains.ts'
import { combineHeaders } from '../combine/combine-headers.ts'
import { addColumn } from './dense-columns.ts'
import { gather, markedRows, rowNumbers } from '../columns/gather.ts'
import { HeaderList } from './header-list.ts'
import { RangeAdder } from './range-adder.ts'
import { encodeSparse, type SparseValues } from './sparse-column.ts'
import { magnitudeOf, totalOf } from './totals.ts'
import type { ValueColumn } from '../types.ts'
import { valueColumnOf } from '../columns/value-column.ts'
import { type UnifiedRows, unifyRows } from './unify-rows.ts'

/**
 * A block with one member for all profiles that a process has in a period, hours or days (UTC), as long as its labels stay
 * the same. Sums over it are those over the block, for ranges that hold all or nothing of each period. Rolling up hours
 * gives what rolling up the profiles themselves gives.
 */
export function rollUp(block: Block, periodMs: number): Block {
  const unified = unifyRows([block])
  const headers = new HeaderList()
  const members = chainsOf([block], () => true)
    .flatMap((chain) => runsOf(chain, periodMs))
    .map((run) => rolledMember({ block, unified, run }, headers))
  return { ...block, headers: headers.list, members: members.toSorted(compareEntries) }
}

/** Links that follow each other in one period, with the same labels. */
function runsOf(chain: readonly Link[], periodMs: number): readonly (readonly Link[])[] {
  const runs: Link[][] = []
  const periodOf = ({ member }: Place) => Math.floor(member.atMs / periodMs)
  for (const link of chain) {
    const { place } = link
    const last = runs.at(-1)?.at(-1)?.place
    const continues =
      last?.member.series === place.member.series && periodOf(last) === periodOf(place)
    if (continues) runs.at(-1)?.push(link)
    // What came before it is in another member.
    else runs.push([{ place, previous: null }])
  }
  return runs
}

interface Run {
  readonly block: Block
  readonly unified: UnifiedRows
  readonly run: readonly Link[]
}

function rolledMember(rolling: Run, headers: HeaderList): BlockMember {
  const { block, run } = rolling
  const { sums, restartCount } = sumsOf(rolling)
  const column = sparseOf([...sums, ...endsOf(rolling, sums)])
  const members = run.map(({ place }) => place.member)
  const { header, timeNs, durationNs } = headerOf(block, members)
  const [{ profileId, series, process, atMs }] = members
  return {
    profileId,
    series,
    process,
    atMs,
    header: headers.rowOf(header),
    timeNs,
    durationNs,
    isDelta: false,
    hasRestarted: false,
    rolled: {
      lastMs: members.reduce((last, member) => Math.max(last, lastMsOf(member)), atMs),
      profileCount: members.reduce((sum, member) => sum + profileCountOf(member), 0),
      restartCount,
      grownMs: run.reduce(
        (sum, link) => sum + (grownMsOf(link) ?? 0) + (link.place.member.rolled?.grownMs ?? 0),
        0,
      ),
    },
    totals: totalsOf(block.shape, members, sums),
    magnitudes: column.values.map(magnitudeOf),
    column: encodeSparse(column),
  }
}

/** Of each sample type the sum over the run, of cumulative ones the growth. */
function sumsOf({ block, unified, run }: Run) {
  const kinds = kindsOf(block.shape)
  const sums: ValueColumn[] = []
  let restartCount = 0
  for (const kind of new Set(kinds)) {
    const types = kinds.flatMap((one, type) => (one === kind ? [type] : []))
    const options = { kind, types, chains: [run], isSelected: () => true, mayWrap: true }
    const adder = new RangeAdder([block], unified, options)
    if (kind === 'snapshot') adder.addSnapshots(run)
    else adder.add(run)
    restartCount += adder.restartCount
    for (const [index, type] of types.entries()) sums[type] = adder.sums[index]
  }
  return { sums, restartCount }
}

/** Of each cumulative type the values of the first profile; then of each what the last has beyond these and the growth. */
function endsOf({ block, unified, run }: Run, sums: readonly ValueColumn[]): ValueColumn[] {
  const types = cumulativeTypes(block.shape)
  if (types.length === 0) return []
  const wide = run.some(({ place }) => isWide(place.member))
  const { length } = unified.tables.samples
  const dense = () => types.map(() => (wide ? new BigInt64Array(length) : new Float64Array(length)))
  const [firsts, rests] = [dense(), dense()]
  const reader = new ChangeReader([block], unified)
  const add = (to: readonly ValueColumn[], place: Place, end: 'first' | 'last', weight: number) => {
    const change = reader.readEnd(place, end)
    for (const [rank, type] of types.entries()) {
      addColumn(to[rank], change, change.values[type], weight)
    }
  }
  add(firsts, run[0].place, 'first', 1)
  add(rests, run[run.length - 1].place, 'last', 1)
  add(rests, run[0].place, 'first', -1)
  const all = rowNumbers(length)
  for (const [rank, type] of types.entries()) {
    addColumn(rests[rank], { count: length, rows: all }, sums[type], -1)
  }
  return [...firsts, ...rests]
}

/** The rows in which a column has a value. */
function sparseOf(columns: readonly ValueColumn[]): SparseValues {
  const isUsed = new Uint8Array(columns[0].length)
  for (const column of columns) {
    for (let row = 0; row < isUsed.length; row++) {
      // oxlint-disable-next-line eqeqeq -- covers 0 and 0n
      if (column[row] != 0) isUsed[row] = 1
    }
  }
  const rows = markedRows(isUsed)
  const values = columns.map((column) => {
    const gathered = gather(column, rows)
    return gathered instanceof Float64Array ? gathered : valueColumnOf([...gathered])
  })
  return { rows, values }
}

/** The totals of several members as those of one; `sums` are those of its column. */
export function totalsOf(
  shape: BlockShape,
  members: readonly BlockMember[],
  sums: readonly ValueColumn[],
): bigint[] {
  return kindsOf(shape).map((kind, type) =>
    kind === 'cumulative'
      ? totalOf(sums[type])
      : members.reduce((sum, { totals }) => sum + totals[type], 0n),
  )
}

/** The header of several members as that of one. */
export function headerOf(
  { shape, headers }: Pick<Block, 'shape' | 'headers'>,
  members: readonly BlockMember[],
) {
  const { sampleTypes, periodType } = shape
  const { timeNs, durationNs, ...combined } = combineHeaders(
    members.map((member) => ({ ...headers[member.header], ...member, sampleTypes, periodType })),
  )
  const { defaultSampleType, period, docUrl, dropFrames, keepFrames, comments } = combined
  const warnings = [...new Map(combined.warnings.map((one) => [JSON.stringify(one), one])).values()]
  const header: BlockHeader = {
    defaultSampleType,
    period,
    docUrl,
    dropFrames,
    keepFrames,
    comments,
    warnings,
  }
  return { header, timeNs, durationNs }
}
