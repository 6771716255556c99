import type { WholeNumber } from './format-value.ts'
import { PairIndex } from './pair-index.ts'
import type { ReportNodes } from './report-nodes.ts'
import { sumStacks, type StackWalk, walkStacks } from './stack-walk.ts'
import { NONE, type Profile, type ValueColumn } from './types.ts'
import { divideWhole } from './whole-number.ts'

/** Sums, and the divisors of a mean; `divisors` is null where there is no mean. */
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
  const divisor = divisors === null ? 0 : divisors[row]
  return Number(divisor) === 0 ? values[row] : divideWhole(values[row], divisor)
}

/** A profile of which nodes and edges can be added up. */
export interface GraphSource extends ReportNodes {
  readonly profile: Profile
  readonly walk: StackWalk
  readonly values: ValueColumn
  /** The first values of a mean. */
  readonly divisors: ValueColumn | null
}

export function graphSource(
  profile: Profile,
  nodes: ReportNodes,
  { values, divisors }: Sums,
): GraphSource {
  return { profile, ...nodes, values, divisors, walk: walkStacks(profile, values, divisors) }
}

export function sumNodes(source: GraphSource): NodeSums {
  const { profile, nodes, walk } = source
  const { stacks } = profile
  const nodeOf = nodesOfStacks(source)
  const rowCount = nodes.length
  // The leaf is the last frame of the stack that has a node.
  const leafNode = new Int32Array(stacks.length)
  for (let stack = 0; stack < stacks.length; stack++) {
    const caller = stacks.parent[stack]
    if (nodeOf[stack] !== NONE) leafNode[stack] = nodeOf[stack]
    else leafNode[stack] = caller === NONE ? NONE : leafNode[caller]
  }
  return {
    flat: sumBoth(source, { kind: 'self', rowOf: leafNode, rowCount }),
    cum: sumBoth(source, { kind: 'below', rowOf: firstOnPath(walk, nodeOf, rowCount), rowCount }),
  }
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
  const { profile, walk } = source
  const { stacks, frames, locations } = profile
  const nodeOf = nodesOfStacks(source)
  const pairs = new PairIndex()
  const pairOf = new Int32Array(stacks.length).fill(NONE)
  /** The nearest kept node at or above each stack, and whether nodes below it are not kept. */
  const nearest = new Int32Array(stacks.length).fill(NONE)
  const hasGap = new Uint8Array(stacks.length)
  for (const stack of walk.order) {
    const above = stacks.parent[stack]
    const caller = above === NONE ? NONE : nearest[above]
    const node = nodeOf[stack]
    if (node === NONE || isKept?.[node] === 0) {
      nearest[stack] = caller
      hasGap[stack] = node !== NONE || (above !== NONE && hasGap[above] === 1) ? 1 : 0
      continue
    }
    nearest[stack] = node
    if (caller === NONE || caller === node || isCallee?.[node] === 0) continue
    pairOf[stack] = pairs.idOf(caller, node)
  }
  const { first: caller, second: callee } = pairs.finish()
  const { length } = pairs
  const rowOf = firstOnPath(walk, pairOf, length)
  const isInline = new Uint8Array(length).fill(1)
  const isResidual = new Uint8Array(length)
  for (const stack of walk.order) {
    const row = rowOf[stack]
    if (row === NONE) continue
    const frame = stacks.frame[stack]
    if (frame === locations.frameStart[frames.location[frame]]) isInline[row] = 0
    if (hasGap[stacks.parent[stack]] === 1) isResidual[row] = 1
  }
  const weight = sumBoth(source, { kind: 'below', rowOf, rowCount: length })
  return { length, caller, callee, weight, isInline, isResidual }
}

function nodesOfStacks({ profile, nodeOfFrame }: GraphSource): Int32Array {
  const { frame } = profile.stacks
  const nodeOf = new Int32Array(frame.length)
  for (let stack = 0; stack < frame.length; stack++) nodeOf[stack] = nodeOfFrame[frame[stack]]
  return nodeOf
}

function sumBoth(
  { walk, values, divisors }: GraphSource,
  sum: Parameters<typeof sumStacks>[2],
): Sums {
  return {
    values: sumStacks(walk, values, sum),
    divisors: divisors && sumStacks(walk, divisors, sum),
  }
}

/** The row of each stack where it is the row's first on the way from the root; else NONE. */
function firstOnPath({ order, end }: StackWalk, rowOf: Int32Array, rowCount: number): Int32Array {
  const first = new Int32Array(rowOf.length).fill(NONE)
  const coveredUntil = new Int32Array(rowCount)
  for (let position = 0; position < order.length; position++) {
    const stack = order[position]
    const row = rowOf[stack]
    if (row === NONE || position < coveredUntil[row]) continue
    coveredUntil[row] = end[stack]
    first[stack] = row
  }
  return first
}
