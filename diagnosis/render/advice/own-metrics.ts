import type { MetricsPage } from '../../judge/facts/metrics.ts'

/** Families that a process counts of itself, whichever program it is. */
const OWN = 'go|process|workqueue|rest_client'

/** Families that only this component counts. An apiserver's own are of its requests to etcd, not of etcd. */
const OWN_OF: ReadonlyMap<string, string> = new Map([
  ['kube-apiserver', 'apiserver|authentication|aggregator|etcd_request|etcd_object'],
  ['etcd', 'etcd|grpc_server'],
  ['kube-scheduler', 'scheduler'],
  ['kubelet', 'kubelet'],
  ['kube-proxy', 'kubeproxy'],
])

const OF_HISTOGRAM = /_(?:bucket|sum|count)$/

/** Whose metrics are asked for. */
export interface CountingProcess {
  readonly page: MetricsPage
  readonly component: string | null
  readonly project: string | null
}

/**
 * Whether a query for metrics that a process counts of itself has an answer: its page has counted all. Without a page,
 * components of known projects count them; of another program it is not known whether it has such a page.
 */
export function hasOwnMetrics(
  query: string,
  { page, component, project }: CountingProcess,
): boolean {
  if (page.size === 0) {
    return namesOf(query, OWN).length === 0 || (project !== null && project !== 'other')
  }
  const further = OWN_OF.get(component ?? '')
  return namesOf(query, further === undefined ? OWN : `${OWN}|${further}`).every((name) =>
    [name, name.replace(OF_HISTOGRAM, ''), name.replace(OF_HISTOGRAM, '_count')].some((each) =>
      isCounted(each, page),
    ),
  )
}

/** Where nothing was counted there is nothing to see. */
function isCounted(name: string, page: MetricsPage): boolean {
  return page.get(name)?.some(({ value }) => value !== 0) === true
}

/** The metrics of these families that a query names. */
function namesOf(query: string, families: string): readonly string[] {
  return query.match(new RegExp(`\\b(?:${families})_\\w+`, 'g')) ?? []
}
