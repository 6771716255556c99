import { type MetricsPage, sumOf, sumsBy } from './metrics.ts'

/** Watch streams that are open: an apiserver has one for each kind that it stores, some dozens at least. */
const STREAMS_MIN = 10
/** Without a lease, only as many as an apiserver has kinds, with a watcher each, are a sign of one. */
const STREAMS_WITHOUT_LEASES_MIN = 40
const HANDLED = 'grpc_server_handled_total'
const STREAMS = 'etcd_debugging_mvcc_watch_stream_total'
const WATCHERS = 'etcd_debugging_mvcc_watcher_total'

/**
 * Whose requests an etcd answers, as far as its metrics show. An apiserver writes by transactions and never by Put, takes
 * leases for Events and for its own address, and watches each kind that it stores. `unknown` where others ask beside
 * it, where all but the leases is there (an etcd that started a moment ago has granted none), or without metrics.
 */
export function clientOfEtcd(page: MetricsPage): 'kube-apiserver' | 'other' | 'unknown' {
  if (!page.has(HANDLED)) return 'unknown'
  const methods = sumsBy(page, { name: HANDLED, by: 'grpc_method', where: new Map() })
  const isUsed = (method: string) => (methods.get(method) ?? 0) > 0
  const streams = sumOf(page, STREAMS) ?? 0
  if (!isUsed('Txn') || streams < STREAMS_MIN) return 'other'
  if (isUsed('LeaseGrant')) return isUsed('Put') ? 'unknown' : 'kube-apiserver'
  const isOfKinds = streams >= STREAMS_WITHOUT_LEASES_MIN && streams === sumOf(page, WATCHERS)
  return isOfKinds && !isUsed('Put') ? 'unknown' : 'other'
}
