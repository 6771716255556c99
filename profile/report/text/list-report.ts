import { byteOrder } from '../../columns/byte-order.ts'
import { percentageLabel, type WholeNumber } from '../../units/format-value.ts'
import { openGraph } from '../graph/open-graph.ts'
import type { Report } from '../open-report.ts'
import { ReportError } from '../../report-error.ts'
import { valueFormat } from '../graph/report-header.ts'
import type { TrimmedGraph } from '../graph/trim-graph.ts'
import { addWhole } from '../../units/whole-number.ts'

/** The lines of a source file, or one sentence why they are missing. */
export type ReadSourceLines = (file: string) => readonly string[] | { readonly error: string }

/** How many lines are shown before and behind those that measured something. */
const MARGIN_LINES = 5

/**
 * `-list`: the sources of the functions that the report's symbol matches, with what each line measured.
 * https://github.com/google/pprof/blob/main/internal/report/source.go
 */
export function listReport(report: Report, readLines: ReadSourceLines): string {
  const { symbol, unit } = report.settings
  const graph = openGraph(report, {
    nodeCountDefault: 0,
    hasAllEdges: false,
    forced: { trim: false, granularity: 'lines' },
    keepsObjectFiles: true,
  })
  const rows = graph.shown.filter((row) => symbol?.pattern.test(graph.nodes[row].name) === true)
  if (rows.length === 0) throw new ReportError(`no matches found for regexp: ${symbol?.source}`)
  const format = valueFormat(report, unit)
  const lines = [`Total: ${format(report.total)}`]
  for (const [name, own] of groupBy(rows, (row) => graph.nodes[row].name)) {
    const files = groupBy(own, (row) => graph.nodes[row].file).filter(([file]) => file !== '')
    if (files.length === 0) lines.push(`No source information for ${name}`)
    for (const [file, rowsOfFile] of files) {
      const { flat, cum } = sumRows(graph, rowsOfFile)
      const share = percentageLabel(cum, report.total)
      lines.push(
        `ROUTINE ======================== ${name} in ${file}`,
        `${format(flat).padStart(10)} ${format(cum).padStart(10)} (flat, cum) ${share} of Total`,
        ...sourceLines(graph, rowsOfFile, readLines(file), format),
      )
    }
  }
  return `${lines.join('\n')}\n`
}

/** Groups by a text, in its order. */
function groupBy(rows: readonly number[], textOf: (row: number) => string): [string, number[]][] {
  const groups = new Map<string, number[]>()
  for (const row of rows) groups.set(textOf(row), [...(groups.get(textOf(row)) ?? []), row])
  const compareTexts = byteOrder([...groups.keys()])
  return [...groups].sort(([a], [b]) => compareTexts(a, b))
}

function sumRows({ sums }: TrimmedGraph, rows: readonly number[]) {
  const sum = (values: ArrayLike<WholeNumber>) =>
    rows.reduce<WholeNumber>((total, row) => addWhole(total, values[row]), 0)
  return { flat: sum(sums.flat.values), cum: sum(sums.cum.values) }
}

function sourceLines(
  graph: TrimmedGraph,
  rows: readonly number[],
  source: ReturnType<ReadSourceLines>,
  format: (value: WholeNumber) => string,
): string[] {
  if ('error' in source) return [` Error: ${source.error}`]
  const places = rows.map((row) => graph.nodes[row])
  const starts = places.map(({ startLine, line }) =>
    startLine === 0 ? line - MARGIN_LINES : startLine,
  )
  const first = Math.max(1, Math.min(...starts))
  const last = Math.max(...places.map(({ line }) => line)) + MARGIN_LINES
  const valueOrDot = (value: WholeNumber) =>
    (Number(value) === 0 ? '.' : format(value)).padStart(10)
  return source.slice(first - 1, last).map((text, index) => {
    const line = first + index
    const own = rows.filter((row) => graph.nodes[row].line === line)
    const { flat, cum } = sumRows(graph, own)
    return `${valueOrDot(flat)} ${valueOrDot(cum)} ${String(line).padStart(6)}:${text}`
  })
}
