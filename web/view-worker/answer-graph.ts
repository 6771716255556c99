import { callGraph, formatValue } from '../../profile/index.ts'
import type { GraphLayout, SizedGraph } from '../graph-layout/layout-graph.ts'
import { edgeTextPx, nodeBox } from '../graph-layout/node-box.ts'
import type { OpenViews } from './open-views.ts'
import { totalsOf } from './totals-of.ts'
import { GRAPH_SHARES_MIN, type GraphAnswer, type GraphRequest } from './view-messages.ts'

/** The call graph, placed in layers. It is loaded when the graph is first asked for. */
export async function answerGraph(views: OpenViews, request: GraphRequest): Promise<GraphAnswer> {
  const view = await views.find(request.query)
  const totals = totalsOf(view)
  const { unit, total } = totals
  const { nodes, edges, ...counts } = callGraph(view, {
    nodeCount: request.nodeCount,
    nodeShareMin: GRAPH_SHARES_MIN.node,
    edgeShareMin: GRAPH_SHARES_MIN.edge,
  })
  const flatMax = nodes.reduce((most, { flat }) => Math.max(most, Math.abs(flat)), 0)
  const shareOf = (value: number) => (total === 0 ? 0 : Math.abs(value / total))
  const hasRoom = (weight: number) => shareOf(weight) >= TEXT_SHARE_MIN
  const boxes = nodes.map((node) => nodeBox({ ...node, unit, total, flatMax }))
  const texts = edges.map(({ weight }) => formatValue(weight, unit))
  const placed = await layoutInWorker({
    nodes: boxes,
    edges: edges.map(({ caller, callee, weight }, row) => ({
      caller,
      callee,
      share: shareOf(weight),
      textPx: hasRoom(weight) ? edgeTextPx(texts[row] ?? '') : 0,
    })),
  })
  return {
    ...counts,
    totals,
    widthPx: placed.widthPx,
    heightPx: placed.heightPx,
    nodes: nodes.map((node, row) => ({
      ...node,
      ...(boxes[row] ?? nodeBox({ ...node, unit, total, flatMax })),
      ...(placed.nodes[row] ?? ORIGIN),
    })),
    edges: edges.map((edge, row) => ({
      ...edge,
      text: texts[row] ?? '',
      hasRoom: hasRoom(edge.weight),
      points: placed.edges[row]?.points ?? [],
      textAt: placed.edges[row]?.text ?? ORIGIN,
    })),
  }
}

/** The texts of smaller calls appear with the function that is pointed at. */
const TEXT_SHARE_MIN = 0.02
const ORIGIN = { xPx: 0, yPx: 0 }

let worker: Worker | null = null

function layoutInWorker({ nodes, edges }: SizedGraph): Promise<GraphLayout> {
  worker ??= new Worker(new URL('../graph-layout/layout-worker.ts', import.meta.url), {
    type: 'module',
  })
  const { port1, port2 } = new MessageChannel()
  const graph: SizedGraph = {
    nodes: nodes.map(({ widthPx, heightPx }) => ({ widthPx, heightPx })),
    edges,
  }
  worker.postMessage({ graph, port: port2 }, [port2])
  return new Promise((resolve, reject) => {
    port1.addEventListener(
      'message',
      ({ data }: MessageEvent<{ layout?: GraphLayout; message?: string }>) => {
        port1.close()
        if (data.layout === undefined) reject(new Error(data.message))
        else resolve(data.layout)
      },
    )
    port1.start()
  })
}
