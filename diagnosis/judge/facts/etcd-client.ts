import { type MetricsPage, sumOf, sumsBy } from './metrics.ts'

/** Watch streams that are open: an apiserver has one for each kind that it stores, some dozens at least. */
const STREAMS_MIN = 10
const HANDLED = 'grpc_server_handled_total'
const STREAMS = 'etcd_debugging_mvcc_watch_stream_total'

/**
 * Whose requests an etcd answers, as far as its metrics show. An apiserver writes by transactions and never by Put, takes
 * leases for Events and for its own address, and watches each kind that it stores. `unknown` where others ask beside
 * it, or without metrics.
 */
export function clientOfEtcd(page: MetricsPage): 'kube-apiserver' | 'other' | 'unknown' {
  if (!page.has(HANDLED)) return 'unknown'
  const methods = sumsBy(page, { name: HANDLED, by: 'grpc_method', where: new Map() })
  const isUsed = (method: string) => (methods.get(method) ?? 0) > 0
  const hasStreams = (sumOf(page, STREAMS) ?? 0) >= STREAMS_MIN
  if (!isUsed('Txn') || !isUsed('LeaseGrant') || !hasStreams) return 'other'
  return isUsed('Put') ? 'unknown' : 'kube-apiserver'
}
