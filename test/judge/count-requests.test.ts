import { expect, test } from 'vitest'
import { requestsOfCapture } from '../../judge/index.ts'

test('requests are those of the component, of all series together', () => {
  const page = [
    'workqueue_adds_total{name="quota"} 7',
    'apiserver_request_total{verb="GET",code="200"} 100',
    'apiserver_request_total{verb="LIST",code="200"} 20',
  ].join('\n')
  const served = { metric: 'apiserver_request_total', count: 120, countBefore: null }
  expect(atEnd(page, 'kube-apiserver')).toEqual(served)
  expect(atEnd(page, null)).toEqual(served)
  expect(atEnd(page, 'kube-controller-manager')).toEqual({
    metric: 'workqueue_adds_total',
    count: 7,
    countBefore: null,
  })
})

test('a page without the metric of the component does not say', () => {
  expect(atEnd('workqueue_adds_total 7', 'etcd')).toBe(null)
  expect(atEnd('up 1', null)).toBe(null)
  expect(atEnd(null, 'etcd')).toBe(null)
})

test('a page from before the profiles says what was served while they were taken', () => {
  const metric = 'apiserver_request_total'
  const pages = { metricsBefore: `${metric} 100`, metrics: `${metric} 160` }
  expect(requestsOfCapture(pages, 'kube-apiserver')).toEqual({
    metric,
    count: 160,
    countBefore: 100,
  })
  expect(requestsOfCapture({ ...pages, metrics: null }, 'kube-apiserver')).toEqual({
    metric,
    count: 100,
    countBefore: null,
  })
  const other = { ...pages, metricsBefore: 'workqueue_adds_total 7' }
  expect(requestsOfCapture(other, null)).toEqual({ metric, count: 160, countBefore: null })
})

function atEnd(metrics: string | null, component: string | null) {
  return requestsOfCapture({ metrics, metricsBefore: null }, component)
}
