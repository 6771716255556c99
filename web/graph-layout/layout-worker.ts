import { layoutGraph, type SizedGraph } from './layout-graph.ts'

/** Runs in a worker of the view worker's: a layout may take a second, and other views must not wait for it. */
self.addEventListener(
  'message',
  (event: MessageEvent<{ graph: SizedGraph; port: MessagePort }>) => {
    const { graph, port } = event.data
    try {
      port.postMessage({ layout: layoutGraph(graph) })
    } catch (error) {
      port.postMessage({ message: String(error) })
    }
  },
)
