import { byteOrder } from '../../columns/byte-order.ts'
import type { WholeNumber } from '../../units/format-value.ts'
import {
  type EdgeTable,
  type GraphSource,
  inlinedFrames,
  type NodeSums,
  sumEdges,
  sumNodes,
} from './report-graph.ts'
import { printableName, type ReportNode } from './report-nodes.ts'
import type { ValueColumn } from '../../types.ts'
import { absWhole, addWhole, scaleWhole } from '../../units/whole-number.ts'

export interface TrimOptions {
  readonly sort: 'flat' | 'cum'
  readonly dropsNegative: boolean
  /** How many nodes to show at most; 0 for all. */
  readonly nodeCount: number
  /** Nodes below this share of all flat values go, and edges. */
  readonly nodeFraction: number
  readonly edgeFraction: number
  /** Whether all edges are wanted, or only those that show inlining. */
  readonly hasAllEdges: boolean
}

export interface TrimmedGraph {
  readonly nodes: readonly ReportNode[]
  /** In a call tree, the node that calls each node; null in a graph. */
  readonly callerOf: Int32Array | null
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
  const { sums, names, all, large, edgeCutoff } = largeNodes(source, options)
  const sorted = sortNodes(large, names, nodes, sums, options.sort)
  const shown = options.nodeCount > 0 ? sorted.slice(0, options.nodeCount) : sorted
  const isShown = markOf(shown, nodes.length)
  const isCallee = options.hasAllEdges ? null : inlinedNodes(source)
  const edges = sumEdges(source, shown.length === all.length ? null : isShown, isCallee)
  return {
    nodes,
    callerOf: source.callerOf,
    names,
    sums,
    shown,
    edges: dropSmallEdges(edges, edgeCutoff, isShown),
    originalCount: large.length,
    droppedNodeCount: all.length - large.length,
  }
}

/** The nodes that are worth something, and of them those that are large enough. */
export function largeNodes(source: GraphSource, options: TrimOptions) {
  const { nodes } = source
  const sums = sumNodes(source)
  const all = nodesOfValue(sums, nodes.length, options)
  const flatTotal = all.reduce<WholeNumber>((sum, node) => addWhole(sum, sums.flat.values[node]), 0)
  const nodeCutoff = absWhole(scaleWhole(flatTotal, options.nodeFraction))
  const edgeCutoff = absWhole(scaleWhole(flatTotal, options.edgeFraction))
  const isLarge = (node: number) => absWhole(sums.cum.values[node]) >= nodeCutoff
  const large = nodeCutoff > 0 ? all.filter(isLarge) : all
  return { sums, names: nodeNames(nodes), all, large, nodeCutoff, edgeCutoff }
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
export function nodeOrder(
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
export function markOf(list: readonly number[], count: number): Uint8Array {
  const marks = new Uint8Array(count)
  for (const node of list) marks[node] = 1
  return marks
}

/** 1 for each node that was inlined somewhere. */
function inlinedNodes({ profile, nodes, nodeOf }: GraphSource): Uint8Array {
  const isInlined = inlinedFrames(profile)
  const marks = new Uint8Array(nodes.length)
  for (let frame = 0; frame < isInlined.length; frame++) {
    if (isInlined[frame] === 1 && nodeOf[frame] >= 0) marks[nodeOf[frame]] = 1
  }
  return marks
}

/** Edges to nodes that are not shown stay, whatever their size: pprof looks for small edges at shown nodes alone. */
export function dropSmallEdges(
  edges: EdgeTable,
  cutoff: WholeNumber,
  isShown: Uint8Array,
): EdgeTable {
  const isKept = new Uint8Array(edges.length)
  for (let edge = 0; edge < edges.length; edge++) {
    const isSmall = absWhole(edges.weight.values[edge]) < cutoff
    isKept[edge] = !isSmall || isShown[edges.callee[edge]] === 0 ? 1 : 0
  }
  return keepEdges(edges, isKept)
}

/** The edges that have a 1. */
export function keepEdges(edges: EdgeTable, isKept: Uint8Array): EdgeTable {
  if (!isKept.includes(0)) return edges
  const rows: number[] = []
  for (let edge = 0; edge < edges.length; edge++) if (isKept[edge] === 1) rows.push(edge)
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

/** The heaviest first, then by names. Where pprof leaves weights of opposite sign in random order, names decide. */
export function compareEdges(
  { weight, caller, callee }: EdgeTable,
  { nodes, names }: Pick<TrimmedGraph, 'nodes' | 'names'>,
): (a: number, b: number) => number {
  const compareNames = byteOrder(nodes.map(nameTexts))
  return (a, b) =>
    compareSize(weight.values[b], weight.values[a]) ||
    compareNames(names.at(caller[a]), names.at(caller[b])) ||
    compareNames(names.at(callee[a]), names.at(callee[b]))
}

function pick(column: ValueColumn, rows: readonly number[]): ValueColumn {
  return column instanceof Float64Array
    ? Float64Array.from(rows, (row) => column[row])
    : BigInt64Array.from(rows, (row) => column[row])
}
