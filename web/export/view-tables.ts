import {
  formatCount,
  formatShare,
  formatValue,
  packagePathOf,
  type PeekItem,
} from '../../profile/index.ts'
import { byAmount, byText } from '../data-table/sort-rows.ts'
import type { Texts } from '../texts/en.ts'
import { visibleText } from '../untrusted/visible-text.ts'
import type { KeyedTreeRow, Totals } from '../view-worker/view-messages.ts'
import type { DrawClient, PictureSource } from './export-source.ts'
import { column, type SvgRow, type SvgTable } from './table-svg.ts'

/** A longer picture is none; the CSV has all rows. */
const ROWS_MAX = 200
/** What is less of the whole is closed in the outline of the calls. */
const TREE_SHARE_MIN = 0.01

interface TableNeeds {
  readonly client: DrawClient
  readonly source: PictureSource
  readonly texts: Texts
}

export async function topTables(needs: TableNeeds): Promise<readonly SvgTable[]> {
  const { client, source, texts } = needs
  const { rows, totals } = await client.top(source.query)
  const found = await foundNames(needs)
  const kept = rows.filter(({ name }) => found?.has(name) ?? true)
  return [
    funcTable(sorted(kept, source, { text: ({ name }) => name }), totals, texts.topFunction, texts),
  ]
}

export async function packageTables(needs: TableNeeds): Promise<readonly SvgTable[]> {
  const { client, source, texts } = needs
  const { rows, totals } = await client.packages(source.query)
  const found = await foundNames(needs)
  const paths = found === null ? null : new Set([...found].map(packagePathOf))
  const kept = rows
    .filter(({ path }) => paths?.has(path) ?? true)
    .map(({ path, flat, cum }) => ({ name: path, flat, cum }))
  return [
    funcTable(sorted(kept, source, { text: ({ name }) => name }), totals, texts.topPackage, texts),
  ]
}

/** The calls down to those of one percent, whatever of them is open on the page. */
export async function treeTables({
  client,
  source,
  texts,
}: TableNeeds): Promise<readonly SvgTable[]> {
  const { query, hidesChain } = source
  const { rows, totals } = await client.tree({
    query,
    hidesChain,
    opened: null,
    openShareMin: TREE_SHARE_MIN,
  })
  const large = rows.filter(({ cum }) => Math.abs(cum) >= Math.abs(totals.total) * TREE_SHARE_MIN)
  const amount = amountOf(totals)
  return [
    tableOf(
      [texts.cum, '%', texts.flat, texts.topFunction],
      large.map((row: KeyedTreeRow) => ({
        cells: [...amount(row.cum), amount(row.flat)[0] ?? '', row.name],
        indentPx: (row.level - 1) * 12,
        share: shareOf(row.cum, totals),
      })),
      { numbers: 3 },
    ),
  ]
}

export async function peekTables({
  client,
  source,
  texts,
}: TableNeeds): Promise<readonly SvgTable[]> {
  const { query, selected } = source
  const { item, totals } = await client.peek({ query, funcName: selected })
  if (item === null) throw new Error(texts.peekEmpty)
  const edges = (rows: PeekItem['callers'], heading: string) =>
    tableOf(
      [texts.ofTotal, '%', texts.peekOfFunc, texts.topFunction],
      rows.map(({ name, value, share }) => ({
        cells: [...amountOf(totals)(value), formatShare(share), name],
        share: shareOf(value, totals),
      })),
      { numbers: 3, heading },
    )
  const self = funcTable([item], totals, texts.topFunction, texts)
  return [edges(item.callers, texts.callers), self, edges(item.callees, texts.callees)]
}

export async function tagTables({
  client,
  source,
  texts,
}: TableNeeds): Promise<readonly SvgTable[]> {
  const { tags, totals } = await client.tags(source.query)
  if (tags.length === 0) throw new Error(texts.tagsEmpty)
  return tags
    .toSorted((a, b) => a.values.length - b.values.length)
    .map(({ key, values }) =>
      tableOf(
        [texts.ofTotal, '%', key],
        values.map(({ value, total, share }) => ({
          cells: [formatValue(total, totals.unit), formatShare(share), value],
          share,
        })),
        { numbers: 2, heading: `${key} (${formatCount(values.length)})` },
      ),
    )
}

/** The names that the search of the page finds; `null` without a search. */
export async function foundNames({
  client,
  source,
}: Omit<TableNeeds, 'texts'>): Promise<ReadonlySet<string> | null> {
  const { query, search, isRegex, hidesChain } = source
  if (search === '') return null
  const { names } = await client.search({ query, text: search, isRegex, hidesChain })
  return names
}

interface FuncRow {
  readonly name: string
  readonly flat: number
  readonly cum: number
}

function funcTable(
  rows: readonly FuncRow[],
  totals: Totals,
  title: string,
  texts: Texts,
): SvgTable {
  const amount = amountOf(totals)
  return tableOf(
    [texts.flat, '%', texts.cum, '%', title],
    rows.map(({ name, flat, cum }) => ({
      cells: [...amount(flat), ...amount(cum), name],
      share: shareOf(flat, totals),
    })),
    { numbers: 4 },
  )
}

/** In the order that the page shows. */
function sorted<Row extends FuncRow>(
  rows: readonly Row[],
  { sort, isReversed }: PictureSource,
  { text }: { readonly text: (row: Row) => string },
): readonly Row[] {
  const compare =
    sort === 'cum'
      ? byAmount<Row>(({ cum }) => cum)
      : sort === 'name' || sort === 'package'
        ? byText(text)
        : byAmount<Row>(({ flat }) => flat)
  return rows.toSorted((a, b) => (isReversed ? compare(b, a) : compare(a, b)))
}

interface TableShape {
  /** How many columns hold numbers; the last one holds names. */
  readonly numbers: number
  readonly heading?: string
}

function tableOf(
  titles: readonly string[],
  rows: readonly SvgRow[],
  { numbers, heading }: TableShape,
): SvgTable {
  const shown = rows
    .slice(0, ROWS_MAX)
    .map((row) => ({ ...row, cells: row.cells.map(visibleText) }))
  return {
    ...(heading === undefined ? {} : { heading }),
    columns: titles.map((title, place) =>
      column(
        title,
        place < numbers,
        shown.map(({ cells, indentPx = 0 }) => {
          const isIndented = place === titles.length - 1
          return (cells[place] ?? '') + ' '.repeat(isIndented ? Math.ceil(indentPx / 6) : 0)
        }),
      ),
    ),
    rows: shown,
    rowCount: rows.length,
  }
}

function amountOf(totals: Totals): (value: number) => readonly [string, string] {
  return (value) => [formatValue(value, totals.unit), formatShare(shareOf(value, totals))]
}

function shareOf(value: number, { total }: Totals): number {
  return total === 0 ? 0 : value / total
}
