import { Graph, layout } from '@dagrejs/dagre'

/** What is placed: boxes, and lines between two of them with room for a text. All lengths are in px. */
export interface SizedGraph {
  readonly nodes: readonly { readonly widthPx: number; readonly heightPx: number }[]
  readonly edges: readonly SizedEdge[]
}

export interface SizedEdge {
  /** Rows of the nodes. */
  readonly caller: number
  readonly callee: number
  /** 0 to 1; lines of a large share are kept short and straight. */
  readonly share: number
  /** 0 for a line without text. */
  readonly textPx: number
}

export interface Point {
  readonly xPx: number
  readonly yPx: number
}

/** Where everything lies; the rows are those of the sized graph. */
export interface GraphLayout {
  readonly widthPx: number
  readonly heightPx: number
  /** The middle of each box. */
  readonly nodes: readonly Point[]
  readonly edges: readonly PlacedLine[]
}

export interface PlacedLine {
  /** From the border of the caller's box to that of the callee's. */
  readonly points: readonly Point[]
  /** The middle of the text. */
  readonly text: Point
}

/** A box or a line, with what the library adds. */
interface Placed {
  readonly width: number
  readonly height: number
  readonly x?: number
  readonly y?: number
}

interface Line extends Placed {
  readonly weight: number
  readonly labelpos: 'c'
  readonly points?: readonly { readonly x: number; readonly y: number }[]
}

interface Whole {
  readonly width?: number
  readonly height?: number
}

const MARGIN_PX = 16
const TEXT_HEIGHT_PX = 12
const WEIGHT_MAX = 100

/** Places callers above callees, in layers, with few crossings. */
export function layoutGraph({ nodes, edges }: SizedGraph): GraphLayout {
  const graph = new Graph<Whole & typeof SPACING, Placed, Line>()
  graph.setGraph(SPACING)
  for (const [row, { widthPx, heightPx }] of nodes.entries()) {
    graph.setNode(String(row), { width: widthPx, height: heightPx })
  }
  for (const { caller, callee, share, textPx } of edges) {
    const weight = 1 + Math.round(Math.min(share, 1) * WEIGHT_MAX)
    graph.setEdge(String(caller), String(callee), {
      weight,
      width: textPx,
      height: textPx === 0 ? 0 : TEXT_HEIGHT_PX,
      labelpos: 'c',
    })
  }
  if (nodes.length > 0) layout(graph)
  const { width = 0, height = 0 } = graph.graph()
  return {
    widthPx: width,
    heightPx: height,
    nodes: nodes.map((_, row) => pointOf(graph.node(String(row)))),
    edges: edges.map(({ caller, callee }) => {
      const line = graph.edge(String(caller), String(callee))
      return { points: (line?.points ?? []).map(pointOf), text: pointOf(line) }
    }),
  }
}

const SPACING = {
  ranker: 'network-simplex',
  nodesep: 12,
  edgesep: 6,
  ranksep: 24,
  marginx: MARGIN_PX,
  marginy: MARGIN_PX,
}

function pointOf(placed: { readonly x?: number; readonly y?: number } | undefined): Point {
  return { xPx: placed?.x ?? 0, yPx: placed?.y ?? 0 }
}
