import { percentageLabel, type WholeNumber } from '../../units/format-value.ts'
import { openGraph } from '../graph/open-graph.ts'
import type { Report } from '../open-report.ts'
import { ReportError } from '../../report-error.ts'
import { type EdgeTable, meanAt } from '../graph/report-graph.ts'
import {
  type FormatValue,
  outputUnit,
  shareFormat,
  tableHeader,
  valueFormat,
} from '../graph/report-header.ts'
import type { ReportSymbol } from '../report-settings.ts'
import { compareEdges, type TrimmedGraph } from '../graph/trim-graph.ts'
import { addWhole } from '../../units/whole-number.ts'

const SEPARATOR = `${'-'.repeat(58)}+${'-'.repeat(13)}`
const LEGEND = '      flat  flat%   sum%        cum   cum%   calls calls% + context \t \t '

/** `-tree`: each node with its callers and callees. */
export function treeReport(report: Report): string {
  const graph = openGraph(report, { nodeCountDefault: 80, hasAllEdges: true })
  return printTree(report, graph, null)
}

/** `-peek`: callers and callees of the nodes that the report's symbol matches, untrimmed. */
export function peekReport(report: Report): string {
  const forced = { trim: false }
  const graph = openGraph(report, { nodeCountDefault: 0, hasAllEdges: true, forced })
  return printTree(report, graph, report.settings.symbol)
}

function printTree(report: Report, graph: TrimmedGraph, symbol: ReportSymbol | null): string {
  const format = valueFormat(report, outputUnit(report, graph))
  const lines = [...tableHeader(report, graph, format), SEPARATOR, LEGEND]
  const share = shareFormat(report)
  const { sums, names } = graph
  const adjacent = sortedEdges(graph)
  let flatSum: WholeNumber = 0
  let matchCount = 0
  for (const node of graph.shown) {
    const name = names.at(node)
    if (symbol !== null && !symbol.pattern.test(name)) continue
    matchCount++
    const flat = meanAt(sums.flat, node)
    const cum = meanAt(sums.cum, node)
    flatSum = addWhole(flatSum, flat)
    lines.push(SEPARATOR)
    for (const edge of adjacent.callers[node] ?? []) {
      lines.push(edgeLine(graph.edges, edge, cum, names.at(graph.edges.caller[edge]), format))
    }
    lines.push(nodeLine({ flat, flatSum, cum, name }, share, format))
    for (const edge of adjacent.callees[node] ?? []) {
      lines.push(edgeLine(graph.edges, edge, cum, names.at(graph.edges.callee[edge]), format))
    }
  }
  if (symbol !== null && matchCount === 0) {
    throw new ReportError(`no matches found for regexp: ${symbol.source}`)
  }
  if (graph.shown.length > 0) lines.push(SEPARATOR)
  return `${lines.join('\n')}\n`
}

interface NodeCells {
  readonly flat: WholeNumber
  readonly flatSum: WholeNumber
  readonly cum: WholeNumber
  readonly name: string
}

function nodeLine(
  { flat, flatSum, cum, name }: NodeCells,
  share: FormatValue,
  format: FormatValue,
): string {
  const flatPart = `${format(flat).padStart(10)} ${share(flat)} ${share(flatSum)}`
  return `${flatPart} ${format(cum).padStart(10)} ${share(cum)}                | ${name}`
}

function edgeLine(
  { weight, isInline }: EdgeTable,
  edge: number,
  cum: WholeNumber,
  name: string,
  format: FormatValue,
): string {
  const value = weight.values[edge]
  const mark = isInline[edge] === 1 ? ' (inline)' : ''
  return `${format(value).padStart(50)} ${percentageLabel(value, cum)} |   ${name}${mark}`
}

interface AdjacentEdges {
  /** Edges that lead to each node, the heaviest first. */
  readonly callers: readonly (readonly number[] | undefined)[]
  readonly callees: readonly (readonly number[] | undefined)[]
}

function sortedEdges(graph: TrimmedGraph): AdjacentEdges {
  const { edges, nodes } = graph
  const callers: number[][] = Array.from({ length: nodes.length })
  const callees: number[][] = Array.from({ length: nodes.length })
  const order = compareEdges(edges, graph)
  for (let edge = 0; edge < edges.length; edge++) {
    ;(callees[edges.caller[edge]] ??= []).push(edge)
    ;(callers[edges.callee[edge]] ??= []).push(edge)
  }
  for (const list of [...callers, ...callees]) list?.sort(order)
  return { callers, callees }
}
