import { nameFrames } from '../../views/frame-names.ts'
import { funcNamesToShow, type View } from '../../views/open-view.ts'
import { graphSource } from './report-graph.ts'
import type { ReportNode } from './report-nodes.ts'
import { visualGraph } from './visual-graph.ts'

/** A function of a call graph. Values are in the unit of the sample type. */
export interface GraphNode {
  /** As the other views name it. */
  readonly name: string
  readonly flat: number
  readonly cum: number
}

/** The calls from one function to another. `caller` and `callee` are rows of the nodes. */
export interface GraphEdge {
  readonly caller: number
  readonly callee: number
  readonly weight: number
  /** Whether every such call was inlined. */
  readonly isInlined: boolean
  /** Whether functions that are not shown lie between the two. */
  readonly isResidual: boolean
}

/** The functions of a view and the calls between them, without those that say little. */
export interface CallGraph {
  /** The most informative first. */
  readonly nodes: readonly GraphNode[]
  /** The heaviest first. */
  readonly edges: readonly GraphEdge[]
  /** How many functions the view has, shown or not. */
  readonly funcCount: number
  /** How many of them are left out because they are below the smallest share. */
  readonly smallCount: number
}

export interface CallGraphOptions {
  /** How many functions to show at most. */
  readonly nodeCount: number
  /** Functions below this share of the whole are left out, and calls; 0 to 1. */
  readonly nodeShareMin: number
  readonly edgeShareMin: number
}

/**
 * The call graph as `pprof` trims it for drawing, over the names and the repaired stacks that the other views show.
 * https://github.com/google/pprof/blob/main/internal/report/report.go
 */
export function callGraph(view: View, options: CallGraphOptions): CallGraph {
  const { profile, values } = view
  const funcNames = funcNamesToShow(profile)
  const { names, frameName } = nameFrames(profile, {
    granularity: 'functions',
    hasInlines: true,
    funcNames,
  })
  const places = { nodes: names.map(nodeOfName), nodeOfFrame: frameName }
  const source = graphSource(profile, places, { values, divisors: null })
  const { shown, sums, edges, originalCount, droppedNodeCount } = visualGraph(
    source,
    {
      sort: 'flat',
      dropsNegative: false,
      nodeCount: options.nodeCount,
      nodeFraction: options.nodeShareMin,
      edgeFraction: options.edgeShareMin,
      hasAllEdges: true,
    },
    [],
  )
  const rowOf = new Map(shown.map((node, row) => [node, row]))
  const drawn: GraphEdge[] = []
  for (let edge = 0; edge < edges.length; edge++) {
    const caller = rowOf.get(edges.caller[edge])
    const callee = rowOf.get(edges.callee[edge])
    if (caller === undefined || callee === undefined) continue
    drawn.push({
      caller,
      callee,
      weight: Number(edges.weight.values[edge]),
      isInlined: edges.isInline[edge] === 1,
      isResidual: edges.isResidual[edge] === 1,
    })
  }
  return {
    nodes: shown.map((node) => ({
      name: names[node],
      flat: Number(sums.flat.values[node]),
      cum: Number(sums.cum.values[node]),
    })),
    edges: drawn.toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight)),
    funcCount: originalCount + droppedNodeCount,
    smallCount: droppedNodeCount,
  }
}

function nodeOfName(name: string): ReportNode {
  return { address: 0n, name, file: '', line: 0, column: 0, objectFile: '', startLine: 0 }
}
