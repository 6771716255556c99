import { byteOrder } from './byte-order.ts'
import type { WholeNumber } from './format-value.ts'
import {
  type EdgeTable,
  type GraphSource,
  type NodeSums,
  sumEdges,
  sumNodes,
} from './report-graph.ts'
import { printableName, type ReportNode } from './report-nodes.ts'
import type { ValueColumn } from './types.ts'
import { absWhole, addWhole, scaleWhole } from './whole-number.ts'

export interface TrimOptions {
  readonly sort: 'flat' | 'cum'
  readonly dropsNegative: boolean
  /** How many nodes to show at most; 0 for all. */
  readonly nodeCount: number
  /** Nodes below this share of all flat values go, and edges. */
  readonly nodeFraction: number
  readonly edgeFraction: number
  /** Whether all edges are wanted, or those alone that tell of inlining. */
  readonly hasAllEdges: boolean
}

export interface TrimmedGraph {
  readonly nodes: readonly ReportNode[]
  readonly names: NodeNames
  readonly sums: NodeSums
  /** Rows of `nodes`, in order. */
  readonly shown: readonly number[]
  /** Without those below the fraction. Edges may lead to nodes that are not shown because they add up to 0. */
  readonly edges: EdgeTable
  /** How many nodes there were before `nodeCount`. */
  readonly originalCount: number
  readonly droppedNodeCount: number
}

/** Printable names of nodes, made when first asked for. */
export interface NodeNames {
  readonly at: (node: number) => string
}

/** https://github.com/google/pprof/blob/main/internal/report/report.go */
export function trimGraph(source: GraphSource, options: TrimOptions): TrimmedGraph {
  const { nodes } = source
  const sums = sumNodes(source)
  const names = nodeNames(nodes)
  const all = nodesOfValue(sums, nodes.length, options)
  const flatTotal = all.reduce<WholeNumber>((sum, node) => addWhole(sum, sums.flat.values[node]), 0)
  const nodeCutoff = absWhole(scaleWhole(flatTotal, options.nodeFraction))
  const edgeCutoff = absWhole(scaleWhole(flatTotal, options.edgeFraction))
  const large =
    nodeCutoff > 0 ? all.filter((node) => absWhole(sums.cum.values[node]) >= nodeCutoff) : all
  const sorted = sortNodes(large, names, nodes, sums, options.sort)
  const shown = options.nodeCount > 0 ? sorted.slice(0, options.nodeCount) : sorted
  const isKept = shown.length === all.length ? null : markOf(shown, nodes.length)
  const isCallee = options.hasAllEdges ? null : inlinedNodes(source)
  const edges = sumEdges(source, isKept, isCallee)
  return {
    nodes,
    names,
    sums,
    shown,
    edges: dropSmallEdges(edges, edgeCutoff, markOf(shown, nodes.length)),
    originalCount: large.length,
    droppedNodeCount: all.length - large.length,
  }
}

export function nodeNames(nodes: readonly ReportNode[]): NodeNames {
  const names: (string | undefined)[] = []
  return { at: (node) => (names[node] ??= printableName(nodes[node])) }
}

/** The nodes that are worth something. */
function nodesOfValue(
  { flat, cum }: NodeSums,
  count: number,
  { dropsNegative }: TrimOptions,
): number[] {
  const found: number[] = []
  for (let node = 0; node < count; node++) {
    const flatValue = Number(flat.values[node])
    const cumValue = Number(cum.values[node])
    if (flatValue === 0 && cumValue === 0) continue
    if (dropsNegative && (flatValue < 0 || (flatValue === 0 && cumValue < 0))) continue
    found.push(node)
  }
  return found
}

/** The nodes by size, then by name, then by the other size. */
function sortNodes(
  list: readonly number[],
  names: NodeNames,
  nodes: readonly ReportNode[],
  { flat, cum }: NodeSums,
  sort: 'flat' | 'cum',
): number[] {
  const [first, second] = sort === 'flat' ? [flat.values, cum.values] : [cum.values, flat.values]
  const byName = nodeOrder(list, names, nodes)
  const bySecond = (a: number, b: number) => byName(a, b) || compareSize(second[b], second[a])
  if (!(first instanceof Float64Array)) {
    return list.toSorted((a, b) => compareSize(first[b], first[a]) || bySecond(a, b))
  }
  const sizes = first.map(Math.abs)
  return list.toSorted((a, b) => sizes[b] - sizes[a] || bySecond(a, b))
}

/** By name, and first by address where both have one. */
function nodeOrder(
  list: readonly number[],
  names: NodeNames,
  nodes: readonly ReportNode[],
): (a: number, b: number) => number {
  const compareNames = byteOrder(list.map((node) => nameTexts(nodes[node])))
  const byName = (a: number, b: number) => compareNames(names.at(a), names.at(b))
  if (list.every((node) => nodes[node].address === 0n)) return byName
  return (a, b) => {
    const left = nodes[a].address
    const right = nodes[b].address
    if (left !== 0n && right !== 0n && left !== right) return left < right ? -1 : 1
    return byName(a, b)
  }
}

/** What the printable name is made of, without what is ASCII in any case. */
export function nameTexts({ name, file, objectFile }: ReportNode): string {
  return name + file + objectFile
}

/** Orders by absolute value, the smallest first. */
export function compareSize(a: WholeNumber, b: WholeNumber): number {
  const left = absWhole(a)
  const right = absWhole(b)
  if (left === right) return 0
  return left < right ? -1 : 1
}

/** 1 for each node of the list. */
function markOf(list: readonly number[], count: number): Uint8Array {
  const marks = new Uint8Array(count)
  for (const node of list) marks[node] = 1
  return marks
}

/** 1 for each node that was inlined somewhere. */
function inlinedNodes({ profile, nodes, nodeOfFrame }: GraphSource): Uint8Array {
  const { frames, locations } = profile
  const marks = new Uint8Array(nodes.length)
  for (let frame = 0; frame < frames.length; frame++) {
    const isInlined = locations.frameStart[frames.location[frame]] !== frame
    if (isInlined && nodeOfFrame[frame] >= 0) marks[nodeOfFrame[frame]] = 1
  }
  return marks
}

/** Edges to nodes that are not shown stay, whatever their size: pprof looks for small edges at shown nodes alone. */
function dropSmallEdges(edges: EdgeTable, cutoff: WholeNumber, isShown: Uint8Array): EdgeTable {
  const rows: number[] = []
  for (let edge = 0; edge < edges.length; edge++) {
    const isSmall = absWhole(edges.weight.values[edge]) < cutoff
    if (!isSmall || isShown[edges.callee[edge]] === 0) rows.push(edge)
  }
  if (rows.length === edges.length) return edges
  const { values, divisors } = edges.weight
  return {
    length: rows.length,
    caller: Int32Array.from(rows, (row) => edges.caller[row]),
    callee: Int32Array.from(rows, (row) => edges.callee[row]),
    weight: { values: pick(values, rows), divisors: divisors && pick(divisors, rows) },
    isInline: Uint8Array.from(rows, (row) => edges.isInline[row]),
    isResidual: Uint8Array.from(rows, (row) => edges.isResidual[row]),
  }
}

function pick(column: ValueColumn, rows: readonly number[]): ValueColumn {
  return column instanceof Float64Array
    ? Float64Array.from(rows, (row) => column[row])
    : BigInt64Array.from(rows, (row) => column[row])
}
