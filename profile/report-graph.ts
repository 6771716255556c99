import type { WholeNumber } from './format-value.ts'
import { PairIndex } from './pair-index.ts'
import type { ReportNodes } from './report-nodes.ts'
import { joinParts, partsOf, type StackWalk, walkStacks } from './stack-walk.ts'
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
  /** How many of the walk's parts are of the values; the others are of the divisors. */
  readonly valuePartCount: number
}

export function graphSource(
  profile: Profile,
  nodes: ReportNodes,
  { values, divisors }: Sums,
): GraphSource {
  const valueParts = partsOf(values)
  const parts = divisors === null ? valueParts : [...valueParts, ...partsOf(divisors)]
  const walk = walkStacks(profile, parts)
  return { profile, ...nodes, walk, valuePartCount: valueParts.length }
}

export function sumNodes(source: GraphSource): NodeSums {
  const { profile, nodes, nodeOfFrame, walk } = source
  const { order, end, self, below } = walk
  const { frame, parent, length } = profile.stacks
  const flat = self.map(() => new Float64Array(nodes.length))
  const cum = self.map(() => new Float64Array(nodes.length))
  /** The last node on the way to each stack: frames that are left out give theirs to it. */
  const leaf = new Int32Array(length)
  const coveredUntil = new Int32Array(nodes.length)
  for (let position = 0; position < order.length; position++) {
    const stack = order[position]
    let node = nodeOfFrame[frame[stack]]
    if (node !== NONE && position >= coveredUntil[node]) {
      coveredUntil[node] = end[stack]
      for (let part = 0; part < cum.length; part++) cum[part][node] += below[part][stack]
    }
    if (node === NONE) node = parent[stack] === NONE ? NONE : leaf[parent[stack]]
    leaf[stack] = node
    if (node === NONE) continue
    for (let part = 0; part < flat.length; part++) flat[part][node] += self[part][stack]
  }
  return { flat: joinSums(source, flat), cum: joinSums(source, cum) }
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
  const { profile, nodeOfFrame, walk } = source
  const { order, end, below } = walk
  const { stacks, frames, locations } = profile
  const pairs = new PairIndex()
  const coveredUntil: number[] = []
  const isInline: number[] = []
  const isResidual: number[] = []
  const weights: number[][] = below.map(() => [])
  /** The nearest kept node at or above each stack, and whether nodes below it are not kept. */
  const nearest = new Int32Array(stacks.length).fill(NONE)
  const hasGap = new Uint8Array(stacks.length)
  for (let position = 0; position < order.length; position++) {
    const stack = order[position]
    const above = stacks.parent[stack]
    const frame = stacks.frame[stack]
    const caller = above === NONE ? NONE : nearest[above]
    const node = nodeOfFrame[frame]
    if (node === NONE || (isKept !== null && isKept[node] === 0)) {
      nearest[stack] = caller
      hasGap[stack] = node !== NONE || (above !== NONE && hasGap[above] === 1) ? 1 : 0
      continue
    }
    nearest[stack] = node
    if (caller === NONE || caller === node || (isCallee !== null && isCallee[node] === 0)) continue
    const pair = pairs.idOf(caller, node)
    if (pair === coveredUntil.length) {
      coveredUntil.push(0)
      isInline.push(1)
      isResidual.push(0)
      for (const weight of weights) weight.push(0)
    }
    if (position < coveredUntil[pair]) continue
    coveredUntil[pair] = end[stack]
    if (frame === locations.frameStart[frames.location[frame]]) isInline[pair] = 0
    if (hasGap[above] === 1) isResidual[pair] = 1
    for (let part = 0; part < weights.length; part++) weights[part][pair] += below[part][stack]
  }
  const { first, second } = pairs.finish()
  return {
    length: pairs.length,
    caller: first,
    callee: second,
    weight: joinSums(source, weights),
    isInline: Uint8Array.from(isInline),
    isResidual: Uint8Array.from(isResidual),
  }
}

function joinSums(
  { valuePartCount }: GraphSource,
  parts: readonly (Float64Array | readonly number[])[],
): Sums {
  const divisors = parts.slice(valuePartCount)
  return {
    values: joinParts(parts.slice(0, valuePartCount)),
    divisors: divisors.length === 0 ? null : joinParts(divisors),
  }
}
