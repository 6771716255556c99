import { scaleValue, type WholeNumber } from '../../units/format-value.ts'
import { openGraph } from '../graph/open-graph.ts'
import type { Report } from '../open-report.ts'
import { meanAt } from '../graph/report-graph.ts'
import { outputUnit } from '../graph/report-header.ts'
import type { ReportNode } from '../graph/report-nodes.ts'
import { compareEdges, type TrimmedGraph } from '../graph/trim-graph.ts'
import { wholeOf } from '../../units/whole-number.ts'

/**
 * `-callgrind`: costs and calls as KCachegrind reads them. Names and addresses are shortened as the format allows.
 * https://valgrind.org/docs/manual/cl-format.html
 */
export function callgrindReport(report: Report): string {
  const graph = openGraph(report, {
    nodeCountDefault: 0,
    hasAllEdges: true,
    forced: { trim: false, granularity: 'addresses' },
    keepsObjectFiles: true,
    hasCallTree: true,
  })
  const unit = outputUnit(report, graph, { isWhole: true })
  const scaled = (value: WholeNumber) =>
    wholeOf(scaleValue(value, report.sampleType.unit, unit).value)
  const objects = new ShortNames()
  const files = new ShortNames()
  const names = new ShortNames()
  const distinct = distinctNames(graph)
  const callees = calleesOf(graph)
  const lines = ['positions: instr line', `events: ${report.sampleType.type}(${unit})`]
  let previous: ReportNode | null = null
  for (const row of graph.shown) {
    const node = graph.nodes[row]
    if (previous === null || !isSameFunc(previous, node)) {
      const { objectFile, file, name } = node
      lines.push('', `ob=${objects.of(objectFile)}`, `fl=${files.of(file)}`)
      lines.push(`fn=${names.of(name)}`)
    }
    const flat = scaled(meanAt(graph.sums.flat, row))
    lines.push(`${shortAddress(previous, node.address)} ${node.line} ${flat}`)
    for (const edge of callees[row] ?? []) {
      const calleeRow = graph.edges.callee[edge]
      const callee = graph.nodes[calleeRow]
      lines.push(`cfl=${files.of(callee.file)}`, `cfn=${names.of(distinct[calleeRow] ?? '')}`)
      lines.push(`calls=0 ${shortAddress(previous, callee.address)} ${callee.line}`)
      lines.push(`* * ${scaled(graph.edges.weight.values[edge])}`)
    }
    previous = node
  }
  return `${lines.join('\n')}\n`
}

function calleesOf(graph: TrimmedGraph): (number[] | undefined)[] {
  const { edges, nodes } = graph
  const callees: (number[] | undefined)[] = Array.from({ length: nodes.length })
  for (let edge = 0; edge < edges.length; edge++) (callees[edges.caller[edge]] ??= []).push(edge)
  const order = compareEdges(edges, graph)
  for (const list of callees) list?.sort(order)
  return callees
}

function isSameFunc(a: ReportNode, b: ReportNode): boolean {
  return a.objectFile === b.objectFile && a.file === b.file && a.name === b.name
}

function nameKey({ file, name }: ReportNode): string {
  return `${file}\0${name}`
}

/** Callgrind takes functions of one name in one file for one; those that are not get a number. */
function distinctNames({ nodes, shown, callerOf }: TrimmedGraph): string[] {
  const keysOfName = new Map<string, string[]>()
  const funcKey = (row: number) => {
    const { objectFile, startLine } = nodes[row]
    return `${callerOf?.[row]} ${startLine} ${objectFile}`
  }
  for (const row of shown) {
    const keys = keysOfName.get(nameKey(nodes[row])) ?? []
    if (!keys.includes(funcKey(row))) keys.push(funcKey(row))
    keysOfName.set(nameKey(nodes[row]), keys)
  }
  const names: string[] = Array.from({ length: nodes.length })
  for (const row of shown) {
    const node = nodes[row]
    const keys = keysOfName.get(nameKey(node)) ?? []
    const number = ` [${keys.indexOf(funcKey(row)) + 1}/${keys.length}]`
    names[row] = keys.length > 1 ? node.name + number : node.name
  }
  return names
}

/** A name is written once, and by its number from then on. */
class ShortNames {
  readonly #ids = new Map<string, number>()

  of(name: string): string {
    if (name === '') return ''
    const known = this.#ids.get(name)
    if (known !== undefined) return `(${known})`
    const id = this.#ids.size + 1
    this.#ids.set(name, id)
    return `(${id}) ${name}`
  }
}

/** The address, or how far it is from the one before where that is shorter. */
function shortAddress(previous: ReportNode | null, address: bigint): string {
  const whole = `0x${address.toString(16)}`
  if (previous === null) return whole
  if (previous.address === address) return '*'
  const distance = BigInt.asIntN(64, address - previous.address)
  const relative = distance < 0n ? String(distance) : `+${distance}`
  return relative.length < whole.length ? relative : whole
}
