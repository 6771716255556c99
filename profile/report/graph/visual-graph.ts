import { countFlatTags, type NodeTags, trimTags } from './node-tags.ts'
import type { WholeNumber } from '../../units/format-value.ts'
import { type EdgeTable, type GraphSource, type NodeSums, sumEdges } from './report-graph.ts'
import {
  compareEdges,
  compareSize,
  dropSmallEdges,
  keepEdges,
  largeNodes,
  markOf,
  nodeOrder,
  type TrimmedGraph,
  type TrimOptions,
} from './trim-graph.ts'
import { addWhole, wholeOf } from '../../units/whole-number.ts'

/** A graph to be drawn. https://github.com/google/pprof/blob/main/internal/report/report.go */
export interface VisualGraph extends TrimmedGraph {
  /** By node; undefined for none. */
  readonly tags: readonly (NodeTags | undefined)[]
  readonly droppedEdgeCount: number
}

/** How many tags of a node are drawn at most. */
export const TAGS_MAX = 4

/**
 * Trims the graph for display: keeps the most informative nodes and drops redundant edges. `nodeTags` are all tags of
 * each node; they count as nodes.
 */
export function visualGraph(
  source: GraphSource,
  options: TrimOptions,
  nodeTags: readonly (NodeTags | undefined)[],
): VisualGraph {
  const { nodes } = source
  const { sums, names, all, large, nodeCutoff, edgeCutoff } = largeNodes(source, options)
  const isLarge = large.length === all.length ? null : markOf(large, nodes.length)
  const whole = sumEdges(source, isLarge)
  const sorted = sortByEntropy(source, { sums, names }, large, whole)
  const tags = nodeTags.map((own) => own && trimTags(own, nodeCutoff))
  const shown = options.nodeCount > 0 ? chooseNodes(sorted, options.nodeCount, tags) : sorted
  const isChosen = markOf(shown, nodes.length)
  const isRebuilt = shown.length < sorted.length
  const rebuilt = isRebuilt ? sumEdges(source, isChosen) : whole
  const final = isRebuilt ? sortByEntropy(source, { sums, names }, shown, rebuilt) : shown
  const trimmed = dropSmallEdges(rebuilt, edgeCutoff, isChosen)
  const wasTrimmed = options.nodeCount > 0 && !isRebuilt
  return {
    nodes,
    callerOf: source.callerOf,
    names,
    sums,
    shown: final,
    edges: dropRedundantEdges(trimmed, final, compareEdges(trimmed, { nodes, names })),
    originalCount: large.length,
    droppedNodeCount: all.length - large.length,
    // pprof counts those of the last round alone.
    droppedEdgeCount: wasTrimmed ? 0 : rebuilt.length - trimmed.length,
    tags,
  }
}

function sortByEntropy(
  { nodes }: GraphSource,
  { sums, names }: Pick<TrimmedGraph, 'sums' | 'names'>,
  list: readonly number[],
  edges: EdgeTable,
): number[] {
  const scores = entropyScores(sums, list, edges, nodes.length)
  const compareNames = nodeOrder(list, names, nodes)
  const { values } = sums.flat
  return list.toSorted(
    (a, b) =>
      compareSize(scores[b], scores[a]) || compareNames(a, b) || compareSize(values[b], values[a]),
  )
}

/** Tags count as nodes. */
function chooseNodes(
  sorted: readonly number[],
  countMax: number,
  tags: readonly (NodeTags | undefined)[],
): readonly number[] {
  let count = 0
  for (const [index, node] of sorted.entries()) {
    const own = tags[node]
    count += 1 + (own === undefined ? 0 : Math.min(countFlatTags(own), TAGS_MAX))
    if (count >= countMax) return sorted.slice(0, index + 1)
  }
  return sorted.slice(0, countMax)
}

/** How much there is to see at each node: little where one edge leads in and one out. */
function entropyScores(
  { flat, cum }: NodeSums,
  list: readonly number[],
  edges: EdgeTable,
  count: number,
): WholeNumber[] {
  const callers: number[][] = Array.from({ length: count }, () => [])
  const callees: number[][] = Array.from({ length: count }, () => [])
  for (let edge = 0; edge < edges.length; edge++) {
    const weight = Number(edges.weight.values[edge])
    callees[edges.caller[edge]].push(weight)
    callers[edges.callee[edge]].push(weight)
  }
  const scores: WholeNumber[] = []
  for (const node of list) {
    const self = Number(flat.values[node])
    const inward = callers[node].length === 0 ? 1 : entropy(callers[node], 0)
    const outward = callees[node].length === 0 ? 1 : entropy(callees[node], self)
    const score = wholeOf((inward + outward) * Number(cum.values[node]))
    scores[node] = addWhole(score, flat.values[node])
  }
  return scores
}

function entropy(weights: readonly number[], self: number): number {
  const total = weights.reduce((sum, weight) => sum + Math.max(0, weight), self)
  if (total === 0) return 0
  const parts = weights.map((weight) => Math.abs(weight) / total)
  if (self > 0) parts.push(self / total)
  return parts.reduce((score, part) => score - part * Math.log2(part), 0)
}

/** Without residual edges between nodes that are joined by another way, the lightest first. */
function dropRedundantEdges(
  edges: EdgeTable,
  shown: readonly number[],
  compare: (a: number, b: number) => number,
): EdgeTable {
  const inward = new Map<number, number[]>()
  for (let edge = 0; edge < edges.length; edge++) {
    const list = inward.get(edges.callee[edge]) ?? []
    inward.set(edges.callee[edge], [...list, edge])
  }
  const isKept = new Uint8Array(edges.length).fill(1)
  for (const node of shown.toReversed()) {
    for (const edge of (inward.get(node) ?? []).toSorted(compare).toReversed()) {
      // An edge is never dropped that is heavier than one that is not residual.
      if (edges.isResidual[edge] === 0) break
      if (hasOtherWay(edges, inward, isKept, edge)) isKept[edge] = 0
    }
  }
  return keepEdges(edges, isKept)
}

function hasOtherWay(
  edges: EdgeTable,
  inward: ReadonlyMap<number, readonly number[]>,
  isKept: Uint8Array,
  edge: number,
): boolean {
  const source = edges.caller[edge]
  const queue = [edges.callee[edge]]
  const seen = new Set(queue)
  for (const node of queue) {
    for (const other of inward.get(node) ?? []) {
      const caller = edges.caller[other]
      if (other === edge || isKept[other] === 0 || seen.has(caller)) continue
      if (caller === source) return true
      seen.add(caller)
      queue.push(caller)
    }
  }
  return false
}
