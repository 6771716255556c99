import { expect, test } from 'vitest'
import { parseMetrics, sumOf } from '../../diagnosis/judge/facts/metrics.ts'

test('lists out of the watch cache and from etcd are counted apart, as they were before 1.37', () => {
  const page = parseMetrics(`
apiserver_storage_list_total{group="",index="",resource="pods",storage="watchcache"} 177
apiserver_storage_list_total{group="",index="",resource="events",storage="etcd"} 23
`)
  expect(sumOf(page, 'apiserver_cache_list_total')).toBe(177)
  expect(sumOf(page, 'apiserver_storage_list_total')).toBe(23)
})

test('a page of an older release is read as it is', () => {
  const page = parseMetrics(`
apiserver_cache_list_total{index="",resource_prefix="/pods"} 177
apiserver_storage_list_total{resource="events"} 23
`)
  expect(sumOf(page, 'apiserver_cache_list_total')).toBe(177)
  expect(sumOf(page, 'apiserver_storage_list_total')).toBe(23)
})
