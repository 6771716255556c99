import { baseName } from '../../names/file-path.ts'
import { percentageLabel, type WholeNumber } from '../../units/format-value.ts'
import { shortenFuncName } from '../../names/func-name.ts'
import { openVisualGraph } from '../graph/open-graph.ts'
import type { Report } from '../open-report.ts'
import { meanAt } from '../graph/report-graph.ts'
import { type FormatValue, graphLegend, outputUnit, valueFormat } from '../graph/report-header.ts'
import { nameParts, type ReportNode } from '../graph/report-nodes.ts'
import { compareEdges } from '../graph/trim-graph.ts'
import type { VisualGraph } from '../graph/visual-graph.ts'
import { absWhole, divideWhole } from '../../units/whole-number.ts'
import { dotColour } from './dot-colour.ts'
import { tagLines } from './dot-tags.ts'

/**
 * `-dot`: the graph for Graphviz.
 * https://github.com/google/pprof/blob/main/internal/graph/dotgraph.go
 */
export function dotReport(report: Report): string {
  const graph = openVisualGraph(report)
  const format = valueFormat(report, outputUnit(report, graph))
  const { profile } = report
  const file = profile.mappings.length === 0 ? '' : profile.strings[profile.mappings.file[0]]
  const title = file === '' ? '' : escapeText(baseName(file))
  const lines = [
    `digraph "${title === '' ? 'unnamed' : title}" {`,
    'node [style=filled fillcolor="#f8f8f8"]',
    legendLine(graphLegend(report, graph, format), title),
  ]
  const picture: Picture = { report, graph, format, ids: new Map() }
  graph.shown.forEach((node, index) => picture.ids.set(node, index + 1))
  const hasTags = new Set<number>()
  const flatMax = graph.shown.reduce(
    (most, node) => Math.max(most, Number(absWhole(meanAt(graph.sums.flat, node)))),
    0,
  )
  const hasCallees = new Set<number>(graph.edges.caller)
  for (const node of graph.shown) {
    lines.push(nodeLine(picture, node, flatMax))
    const own = graph.tags[node]
    if (own === undefined) continue
    const source = `N${picture.ids.get(node)}`
    const tags = tagLines(own, { format, isFlat: hasCallees.has(node), source })
    if (tags.length > 0) hasTags.add(node)
    lines.push(...tags)
  }
  const edges = Array.from({ length: graph.edges.length }, (_, edge) => edge)
  const order = compareEdges(graph.edges, graph)
  for (const edge of edges
    .filter((edge) => picture.ids.has(graph.edges.caller[edge]))
    .sort(order)) {
    lines.push(edgeLine(picture, edge, hasTags.has(graph.edges.caller[edge])))
  }
  return `${[...lines, '}'].join('\n')}\n`
}

interface Picture {
  readonly report: Report
  readonly graph: VisualGraph
  readonly format: FormatValue
  /** The number of each shown node. */
  readonly ids: Map<number, number>
}

function legendLine(labels: readonly string[], title: string): string {
  const text = labels.map(escapeText).join('\\l')
  const tooltip = title === '' ? '' : ` tooltip="${title}"`
  const name = escapeText(labels[0])
  return `subgraph cluster_L { "${name}" [shape=box fontsize=16 label="${text}\\l"${tooltip}] }`
}

const FONT_SIZE_MIN = 8
const FONT_GROWTH_MAX = 16

function nodeLine({ report, graph, format, ids }: Picture, node: number, flatMax: number): string {
  const { total } = report
  const flat = meanAt(graph.sums.flat, node)
  const cum = meanAt(graph.sums.cum, node)
  const share = (value: WholeNumber) => percentageLabel(value, total).trim()
  const isFlat = Number(flat) !== 0
  let label = multilineName(graph.nodes[node])
  label += isFlat ? `${format(flat)} (${share(flat)})` : '0'
  if (cum !== flat) label += `${isFlat ? '\\n' : ' '}of ${format(cum)} (${share(cum)})`
  const size = Number(absWhole(flat))
  const growth =
    flatMax !== 0 && isFlat && size <= flatMax
      ? Math.ceil(FONT_GROWTH_MAX * Math.sqrt(size / flatMax))
      : 0
  const score = Number(cum) / Number(absWhole(total))
  const attributes = [
    `label="${label}"`,
    `id="node${ids.get(node)}"`,
    `fontsize=${FONT_SIZE_MIN + growth}`,
    'shape=box',
    `tooltip="${escapeText(graph.names.at(node))} (${format(cum)})"`,
    `color="${dotColour(score, 'line')}"`,
    `fillcolor="${dotColour(score, 'background')}"`,
  ]
  return `N${ids.get(node)} [${attributes.join(' ')}]`
}

function edgeLine({ report, graph, format, ids }: Picture, edge: number, hasTags: boolean): string {
  const { total } = report
  const { edges, names } = graph
  const weight = meanAt(edges.weight, edge)
  const text = format(weight)
  const attributes = [`label=" ${text}${edges.isInline[edge] === 1 ? '\\n (inline)' : ''}"`]
  if (Number(total) !== 0) {
    const partOf = (most: number) => {
      const part = absWhole(divideWhole(BigInt.asIntN(64, BigInt(weight) * BigInt(most)), total))
      return 1 + Math.min(most, Number(part))
    }
    if (partOf(100) > 1) attributes.push(`weight=${partOf(100)}`)
    if (partOf(5) > 1) attributes.push(`penwidth=${partOf(5)}`)
    attributes.push(`color="${dotColour(Number(weight) / Number(absWhole(total)), 'line')}"`)
  }
  const isResidual = edges.isResidual[edge] === 1
  const ends = [edges.caller[edge], edges.callee[edge]].map((node) => escapeText(names.at(node)))
  const tooltip = `"${ends.join(isResidual ? ' ... ' : ' -> ')} (${text})"`
  attributes.push(`tooltip=${tooltip}`, `labeltooltip=${tooltip}`)
  if (isResidual) attributes.push('style="dotted"')
  if (hasTags) attributes.push('minlen=2')
  const [from, to] = [ids.get(edges.caller[edge]) ?? 0, ids.get(edges.callee[edge]) ?? 0]
  return `N${from} -> N${to} [${attributes.join(' ')}]`
}

function multilineName(node: ReportNode): string {
  const name = escapeText(shortenFuncName(node.name))
    .replaceAll('::', '\\n')
    .replaceAll('[...]', '[…]')
    .replaceAll('.', '\\n')
  const file = node.file === '' ? '' : escapeText(baseName(node.file))
  return `${nameParts({ ...node, name, file }).join('\\n')}\\n`
}

function escapeText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\l')
}
