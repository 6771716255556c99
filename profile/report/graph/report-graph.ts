import type { WholeNumber } from '../../units/format-value.ts'
import { callTreeNodes } from './call-tree-nodes.ts'
import { EdgeSums, MARK } from './edge-sums.ts'
import type { ReportNode, ReportNodes } from './report-nodes.ts'
import {
  joinParts,
  type Parts,
  partsOf,
  type StackWalk,
  walkStacks,
} from '../../columns/stack-walk.ts'
import { NONE, type Profile, type ValueColumn } from '../../types.ts'
import { divideWhole } from '../../units/whole-number.ts'

/** Sums, and the divisors of a mean; `divisors` is null without a mean. */
export interface Sums {
  readonly values: ValueColumn
  readonly divisors: ValueColumn | null
}

/**
 * What each node measured itself (`flat`), and what it and all it called did (`cum`; once for a stack that holds it
 * more than once). https://github.com/google/pprof/blob/main/internal/graph/graph.go
 */
export interface NodeSums {
  readonly flat: Sums
  readonly cum: Sums
}

/** The calls from one node to another; no node calls itself. */
export interface EdgeTable {
  readonly length: number
  readonly caller: Int32Array
  readonly callee: Int32Array
  readonly weight: Sums
  /** 1 where every such call was inlined. */
  readonly isInline: Uint8Array
  /** 1 where a node between the two is not shown. */
  readonly isResidual: Uint8Array
}

/** The sum, or the mean where there is a divisor. */
export function meanAt({ values, divisors }: Sums, row: number): WholeNumber {
  if (divisors === null || Number(divisors[row]) === 0) return values[row]
  return divideWhole(values[row], divisors[row])
}

/** A profile of which nodes and edges can be added up. */
export interface GraphSource {
  readonly profile: Profile
  readonly nodes: readonly ReportNode[]
  /** In a call tree, the node that calls each node; null in a graph. */
  readonly callerOf: Int32Array | null
  /** The node of a stack is `nodeOf[nodeKeys[stack]]`, or NONE: by frame in a graph, by stack in a call tree. */
  readonly nodeOf: Int32Array
  readonly nodeKeys: Uint32Array
  /** What is added up: the values, and behind them the divisors. */
  readonly parts: Parts
  readonly walk: StackWalk
  /** How many of the parts are of the values. */
  readonly valuePartCount: number
}

export function graphSource(
  profile: Profile,
  { nodes, nodeOfFrame }: ReportNodes,
  sums: Sums,
): GraphSource {
  const nodeKeys = profile.stacks.frame
  const nodeOf = nodeOfFrame
  return { profile, nodes, callerOf: null, nodeOf, nodeKeys, ...addends(profile, sums) }
}

/** The calls as a tree: a place is a node once for each way that leads to it. */
export function callTreeSource(profile: Profile, places: ReportNodes, sums: Sums): GraphSource {
  const { nodes, nodeOfStack: nodeOf, callerOf } = callTreeNodes(profile, places)
  const nodeKeys = Uint32Array.from(nodeOf, (_, stack) => stack)
  return { profile, nodes, callerOf, nodeOf, nodeKeys, ...addends(profile, sums) }
}

function addends(profile: Profile, { values, divisors }: Sums) {
  const valueParts = partsOf(values)
  const parts = divisors === null ? valueParts : [...valueParts, ...partsOf(divisors)]
  return { parts, walk: walkStacks(profile, parts), valuePartCount: valueParts.length }
}

export function sumNodes(source: GraphSource): NodeSums {
  const { nodes, nodeOf, nodeKeys, walk, parts } = source
  const { order, size, below } = walk
  const cum = parts.map(() => new Float64Array(nodes.length))
  /** Where in the order the last of the outermost occurrences of each node ends. */
  const coveredUntil = new Int32Array(nodes.length)
  for (let position = 0; position < order.length; position++) {
    const stack = order[position]
    const node = nodeOf[nodeKeys[stack]]
    if (node === NONE || position < coveredUntil[node]) continue
    coveredUntil[node] = position + size[stack]
    for (let part = 0; part < cum.length; part++) cum[part][node] += below[part][stack]
  }
  return { flat: joinSums(source, sumLeaves(source)), cum: joinSums(source, cum) }
}

/** Frames that are left out give what was measured in them to their caller. */
function sumLeaves({ profile, nodes, nodeOf, nodeKeys, parts }: GraphSource): Float64Array[] {
  const { samples, stacks } = profile
  const flat = parts.map(() => new Float64Array(nodes.length))
  for (let sample = 0; sample < samples.length; sample++) {
    let stack = samples.stack[sample]
    while (stack !== NONE && nodeOf[nodeKeys[stack]] === NONE) stack = stacks.parent[stack]
    if (stack === NONE) continue
    const node = nodeOf[nodeKeys[stack]]
    for (let part = 0; part < flat.length; part++) flat[part][node] += parts[part][sample]
  }
  return flat
}

/**
 * The edges between the nodes that have a 1 in `isKept` (all where it is null). Without `isCallee` all of them; with
 * it, those alone that lead to nodes with a 1.
 */
export function sumEdges(
  source: GraphSource,
  isKept: Uint8Array | null,
  isCallee: Uint8Array | null = null,
): EdgeTable {
  const { profile, nodeOf, nodeKeys, walk } = source
  const { order, size, below } = walk
  const { parent, frame } = profile.stacks
  const isInlined = inlinedFrames(profile)
  const edges = new EdgeSums(below.length)
  /** The nearest kept node at or above each stack, twice, and one more where nodes below it are not kept; or NONE. */
  const nearest = new Int32Array(parent.length)
  for (let position = 0; position < order.length; position++) {
    const stack = order[position]
    const above = parent[stack] === NONE ? NONE : nearest[parent[stack]]
    const node = nodeOf[nodeKeys[stack]]
    if (node === NONE || (isKept !== null && isKept[node] === 0)) {
      nearest[stack] = above === NONE || node === NONE ? above : above | 1
      continue
    }
    nearest[stack] = node * 2
    const caller = above >> 1
    if (above === NONE || caller === node || (isCallee !== null && isCallee[node] === 0)) continue
    const edge = edges.edgeOf(caller, node)
    if (!edges.cover(edge, position, position + size[stack])) continue
    if (isInlined[frame[stack]] === 0) edges.mark(edge, MARK.isOutOfLine)
    if ((above & 1) === 1) edges.mark(edge, MARK.isResidual)
    for (let part = 0; part < below.length; part++) {
      edges.weights[part][edge] += below[part][stack]
    }
  }
  return {
    length: edges.length,
    caller: edges.callers(),
    callee: edges.callees(),
    weight: joinSums(
      source,
      edges.weights.map((weights) => weights.subarray(0, edges.length)),
    ),
    isInline: edges.marked(MARK.isOutOfLine).map((isOutOfLine) => 1 - isOutOfLine),
    isResidual: edges.marked(MARK.isResidual),
  }
}

/** 1 for each frame that was inlined. */
export function inlinedFrames({ frames, locations }: Profile): Uint8Array {
  const isInlined = new Uint8Array(frames.length)
  for (let frame = 0; frame < frames.length; frame++) {
    isInlined[frame] = locations.frameStart[frames.location[frame]] === frame ? 0 : 1
  }
  return isInlined
}

function joinSums({ valuePartCount }: GraphSource, parts: readonly Float64Array[]): Sums {
  const divisors = parts.slice(valuePartCount)
  return {
    values: joinParts(parts.slice(0, valuePartCount)),
    divisors: divisors.length === 0 ? null : joinParts(divisors),
  }
}
