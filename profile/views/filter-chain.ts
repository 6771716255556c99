import { NONE } from '../types.ts'
import { type CallTree, ROOT } from './call-tree.ts'

/**
 * The wrappers that every request to an API server passes before its handler: authentication, audit, priority and
 * fairness, routing. As wide as what they wrap, they fill the first screens of a flame graph. Valid in RE2 too.
 * https://github.com/kubernetes/apiserver/blob/master/pkg/server/config.go (DefaultBuildHandlerChain)
 */
export const FILTER_CHAIN_PATTERN = [
  String.raw`^net/http\.(HandlerFunc|serverHandler)\.ServeHTTP$`,
  String.raw`k8s\.io/apiserver/pkg/endpoints/filter(s|latency)\.`,
  String.raw`k8s\.io/apiserver/pkg/server/(filters|mux|httplog|routine)\.`,
  String.raw`k8s\.io/apiserver/pkg/server\.(DefaultBuildHandlerChain|director|\(\*APIServerHandler\)|\(\*director\))`,
  String.raw`k8s\.io/apiserver/pkg/util/flowcontrol\.\(\*configController\)\.Handle`,
  String.raw`flowcontrol/fairqueuing/queueset\.\(\*request\)\.Finish`,
  String.raw`k8s\.io/apiserver/pkg/endpoints\.\(\*APIInstaller\)\.registerResourceHandlers`,
  String.raw`k8s\.io/apiserver/pkg/endpoints/metrics\.InstrumentRouteFunc`,
  String.raw`emicklei/go-restful/v3\.\(\*Container\)`,
  String.raw`kube-aggregator/pkg/apiserver\.\(\*proxyHandler\)\.ServeHTTP`,
].join('|')

const CHAIN = new RegExp(FILTER_CHAIN_PATTERN)

/** Whether a function is part of the filter chain, by its normalised name. */
export function isFilterChain(name: string): boolean {
  return CHAIN.test(name)
}

/** "Dozens": a stack with fewer wrappers is shown as it is. */
const WRAPPERS_MIN = 24
/** Of the total; a chain that takes less does not come first. */
const SHARE_MIN = 0.05

/** Whether dozens of wrappers lie above a part of the tree that is wide enough to be looked at first. */
export function hasLongChain(tree: CallTree): boolean {
  const isChain = Uint8Array.from(tree.names, (name) => (isFilterChain(name) ? 1 : 0))
  const depth = new Uint32Array(tree.length)
  const wide = Math.abs(tree.cum[ROOT]) * SHARE_MIN
  for (let node = ROOT + 1; node < tree.length;) {
    // What a narrow call calls is narrow too.
    if (Math.abs(tree.cum[node]) < wide) {
      node = tree.end[node]
      continue
    }
    const parent = tree.parent[node]
    depth[node] = (parent === NONE ? 0 : depth[parent]) + isChain[tree.name[node]]
    if (depth[node] >= WRAPPERS_MIN) return true
    node++
  }
  return false
}
