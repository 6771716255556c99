import { PairIndex } from '../../columns/pair-index.ts'
import type { ReportNode, ReportNodes } from './report-nodes.ts'
import { NONE, type Profile } from '../../types.ts'

/** The nodes of a call tree: a place once for each way that leads to it from a root. */
export interface CallTreeNodes {
  readonly nodes: readonly ReportNode[]
  /** The node of each stack; NONE where its frame is left out. */
  readonly nodeOfStack: Int32Array
  /** The node that calls each node; NONE for roots. */
  readonly callerOf: Int32Array
}

export function callTreeNodes({ stacks }: Profile, places: ReportNodes): CallTreeNodes {
  const pairs = new PairIndex()
  const nodeOfStack = new Int32Array(stacks.length)
  /** The node at or above each stack. */
  const nearest = new Int32Array(stacks.length)
  for (let stack = 0; stack < stacks.length; stack++) {
    const above = stacks.parent[stack]
    const caller = above === NONE ? NONE : nearest[above]
    const place = places.nodeOfFrame[stacks.frame[stack]]
    nodeOfStack[stack] = place === NONE ? NONE : pairs.idOf(caller, place)
    nearest[stack] = place === NONE ? caller : nodeOfStack[stack]
  }
  const { first, second } = pairs.finish()
  const nodes = Array.from(second, (place) => places.nodes[place])
  return { nodes, nodeOfStack, callerOf: first }
}
