import type { WholeNumber } from '../../units/format-value.ts'
import type { Report } from '../open-report.ts'
import { type EdgeTable, meanAt } from '../graph/report-graph.ts'
import { outputUnit, shareFormat, tableHeader, valueFormat } from '../graph/report-header.ts'
import { openGraph } from '../graph/open-graph.ts'
import type { TrimmedGraph } from '../graph/trim-graph.ts'
import { addWhole } from '../../units/whole-number.ts'

/** `-top`: a line per node, with what it measured itself and with all it called. */
export function topReport(report: Report): string {
  return printRows(report, openGraph(report, { nodeCountDefault: 0, hasAllEdges: false }))
}

export function printRows(report: Report, graph: TrimmedGraph): string {
  const format = valueFormat(report, outputUnit(report, graph))
  const marks = inlineMarks(graph.edges, graph.nodes.length)
  const share = shareFormat(report)
  const lines = tableHeader(report, graph, format)
  lines.push('      flat  flat%   sum%        cum   cum%')
  let flatSum: WholeNumber = 0
  for (const node of graph.shown) {
    const flat = meanAt(graph.sums.flat, node)
    const cum = meanAt(graph.sums.cum, node)
    flatSum = addWhole(flatSum, flat)
    const flatPart = `${format(flat).padStart(10)} ${share(flat)} ${share(flatSum)}`
    const name = graph.names.at(node) + marks[node]
    lines.push(`${flatPart} ${format(cum).padStart(10)} ${share(cum)}  ${name}`)
  }
  return `${lines.join('\n')}\n`
}

/** Whether the calls to each node were inlined: all of them, some, none. */
function inlineMarks(edges: EdgeTable, count: number): string[] {
  const seen = new Uint8Array(count)
  for (let edge = 0; edge < edges.length; edge++) {
    seen[edges.callee[edge]] |= edges.isInline[edge] === 1 ? 1 : 2
  }
  return Array.from(seen, (bits) => ['', ' (inline)', '', ' (partial-inline)'][bits])
}
