import { type MetricsPage, sumOf, sumsBy } from './metrics.ts'

/** Watch streams that are open: an apiserver has one for each kind that it stores, some dozens at least. */
const STREAMS_MIN = 10
/** Without a lease, only as many as an apiserver has kinds, with a watcher each, are a sign of one. */
const STREAMS_WITHOUT_LEASES_MIN = 40
const HANDLED = 'grpc_server_handled_total'
const STREAMS = 'etcd_debugging_mvcc_watch_stream_total'
const WATCHERS = 'etcd_debugging_mvcc_watcher_total'
const REQUESTS = 'etcd_server_client_requests_total'
/** The version of a client that sends none. */
const NO_VERSION = 'unknown'

/**
 * Whose requests an etcd answers, as far as its metrics show. An apiserver writes by transactions and never by Put, takes
 * leases for Events and for its own address, and watches each kind that it stores. `unknown` where others ask beside
 * it, where all but the leases is there (an etcd that started a moment ago has granted none), or without metrics. An
 * apiserver with tracing (by default since 1.27, up to 1.32 at least) sends no version of its client, which etcd's own
 * client does.
 */
export function clientOfEtcd(page: MetricsPage): 'kube-apiserver' | 'other' | 'unknown' {
  if (!page.has(HANDLED)) return 'unknown'
  const methods = sumsBy(page, { name: HANDLED, by: 'grpc_method', where: new Map() })
  const isUsed = (method: string) => (methods.get(method) ?? 0) > 0
  const streams = sumOf(page, STREAMS) ?? 0
  if (!isUsed('Txn') || streams < STREAMS_MIN) return 'other'
  if (isUsed('LeaseGrant')) return isUsed('Put') ? 'unknown' : 'kube-apiserver'
  const isOfKinds = streams >= STREAMS_WITHOUT_LEASES_MIN && streams === sumOf(page, WATCHERS)
  if (!isOfKinds || isUsed('Put')) return 'other'
  return isWithoutVersions(page) ? 'kube-apiserver' : 'unknown'
}

/** Whether requests were counted, and no client has sent its version. */
function isWithoutVersions(page: MetricsPage): boolean {
  const where = new Map([['type', 'unary']])
  const counts = sumsBy(page, { name: REQUESTS, by: 'client_api_version', where })
  const versions = [...counts].flatMap(([version, count]) => (count > 0 ? [version] : []))
  return versions.length > 0 && versions.every((version) => version === NO_VERSION)
}
