import { parseMetrics, totalOfMetric } from '../diagnosis/index.ts'
import type { CaptureContents } from './capture-contents.ts'

/** How much a process has served since it was started, by what its component counts. */
export interface CountedRequests {
  readonly metric: string
  readonly count: number
}

/**
 * What counts as a request, the first that a page has: kube-controller-manager serves none, and works off queues instead.
 * https://kubernetes.io/docs/reference/instrumenting/metrics/, https://etcd.io/docs/latest/metrics/
 */
const METRICS = [
  'apiserver_request_total',
  'scheduler_schedule_attempts_total',
  'kubelet_http_requests_total',
  'grpc_server_handled_total',
  'workqueue_adds_total',
] as const

/** What a component counts beside its own requests says nothing about its work. */
const OF_COMPONENT: Readonly<Record<string, (typeof METRICS)[number]>> = {
  'kube-apiserver': 'apiserver_request_total',
  'kube-controller-manager': 'workqueue_adds_total',
  'cloud-controller-manager': 'workqueue_adds_total',
  'kube-scheduler': 'scheduler_schedule_attempts_total',
  kubelet: 'kubelet_http_requests_total',
  etcd: 'grpc_server_handled_total',
}

/** What a process had served at the end of a capture. */
export interface CapturedRequests extends CountedRequests {
  /** What it had served before the profiles were taken; null where that is not known. */
  readonly countBefore: number | null
}

/** By the pages of a capture from before and after its profiles; null where neither says. */
export function requestsOfCapture(
  { metrics, metricsBefore }: Pick<CaptureContents, 'metrics' | 'metricsBefore'>,
  component: string | null,
): CapturedRequests | null {
  const before = countRequests(metricsBefore, component)
  if (metrics === null) return before && { ...before, countBefore: null }
  const after = countRequests(metrics, component)
  const isSame = before !== null && after !== null && before.metric === after.metric
  return after && { ...after, countBefore: isSame ? before.count : null }
}

/** Null where the page does not say. */
export function countRequests(
  metrics: string | null,
  component: string | null,
): CountedRequests | null {
  if (metrics === null) return null
  const page = parseMetrics(metrics)
  const own = component === null ? undefined : OF_COMPONENT[component]
  for (const metric of own === undefined ? METRICS : [own]) {
    const count = totalOfMetric(page, metric)
    if (count !== null) return { metric, count: Math.round(count) }
  }
  return null
}
