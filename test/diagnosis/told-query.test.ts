import { expect, test } from 'vitest'
import { parseMetrics } from '../../diagnosis/judge/facts/metrics.ts'
import { isTold } from '../../diagnosis/render/advice/told-query.ts'
import type { MetricText } from '../../diagnosis/rule/rule.ts'

const text = (parts: Partial<MetricText> & Pick<MetricText, 'kind' | 'name'>): MetricText => ({
  text: { en: 'x', zh: '某' },
  by: null,
  as: null,
  when: null,
  where: new Map(),
  isTotal: false,
  groupNames: {},
  second: null,
  ...parts,
})

const EVIDENCE = [
  text({ kind: 'average', name: 'answer_seconds', by: 'name' }),
  text({ kind: 'counter', name: 'returned_total', by: 'resource' }),
  text({ kind: 'counter', name: 'fetched_total', by: 'resource' }),
  text({ kind: 'gauge', name: 'waiting', by: 'flow' }),
  text({ kind: 'average', name: 'wait_seconds' }),
  text({ kind: 'change', name: 'written' }),
  ...['PUT', 'PATCH', 'APPLY'].map((verb) =>
    text({
      kind: 'counter',
      name: 'asked_total',
      by: 'resource',
      where: new Map([['verb', verb]]),
    }),
  ),
]

const BEFORE = `
wait_seconds_sum{x="y"} 1
wait_seconds_count{x="y"} 1
written 4
answer_seconds_sum{name="a"} 1
answer_seconds_count{name="a"} 1
returned_total{resource="pods"} 1
fetched_total{resource="pods"} 1
asked_total{resource="pods",verb="PUT"} 1
asked_total{resource="pods",verb="PATCH"} 1
waiting{flow="x",priority_level="y"} 3
quiet_total 4
`
const AFTER = BEFORE.replaceAll(/(?<=(?:_sum|_count|_total)\{.*\}) 1$/gm, ' 9').replace(
  'written 4',
  'written 8',
)

function isToldBy(query: string, before = BEFORE, after = AFTER, texts = EVIDENCE): boolean {
  const windows = [{ since: 'capture' as const, page: parseMetrics(before), seconds: 10 }]
  return isTold(query, texts, { current: parseMetrics(after), windows })
}

test.each([
  'histogram_quantile(0.99, sum by (instance, le) (rate(wait_seconds_bucket[5m])))',
  'rate(written[5m])',
  'histogram_quantile(0.99, sum by (name, le) (rate(answer_seconds_bucket[5m])))',
  'sum by (name) (rate(answer_seconds_sum[5m])) / sum by (name) (rate(answer_seconds_count[5m]))',
  'sum by (resource) (rate(fetched_total[5m])) / sum by (resource) (rate(returned_total[5m]))',
  'topk(10, sum by (resource, verb) (rate(asked_total{verb=~"PUT|PATCH|APPLY"}[5m])))',
  'topk(10, sum by (group, resource) (rate(returned_total[5m])))',
  'topk(10, sum by (priority_level, flow) (waiting))',
  'sum by (resource) (rate(fetched_total{resource=~"pods|nodes"}[5m]))',
  'histogram_quantile(0.99, sum by (name, le) (rate(answer_seconds_bucket{name=~"a|b"}[5m])))',
])('the evidence answers %s', (query) => {
  expect(isToldBy(query)).toBe(true)
})

test.each([
  'histogram_quantile(0.99, sum by (type, le) (rate(answer_seconds_bucket[5m])))',
  'sum by (resource) (rate(fetched_total[5m])) / sum by (resource) (rate(other_total[5m]))',
  'topk(10, sum by (resource, verb) (rate(asked_total{verb=~"PUT|POST"}[5m])))',
  // Of all codes the evidence is.
  'sum by (resource) (rate(asked_total{verb="PUT",code="409"}[5m]))',
  'sum by (resource, scope) (rate(returned_total[5m]))',
  'sum by (resource) (rate(fetched_total{scope=~"cluster|namespace"}[5m]))',
])('the evidence does not answer %s', (query) => {
  expect(isToldBy(query)).toBe(false)
})

test('averages and rates of the whole life of a process are no answer', () => {
  const metrics = { current: parseMetrics(AFTER), windows: [] }
  const asked = [
    'histogram_quantile(0.99, sum by (name, le) (rate(answer_seconds_bucket[5m])))',
    'sum by (resource) (rate(returned_total[5m]))',
  ]
  expect(asked.filter((query) => isTold(query, EVIDENCE, metrics))).toEqual([])
})

test('of a counter that did not grow there is nothing to ask, of one that is not there there is', () => {
  const evidence = ['quiet_total', 'lacking_total'].map((name) => text({ kind: 'counter', name }))
  const asked = evidence.map(({ name }) =>
    isToldBy(`sum(rate(${name}[5m]))`, BEFORE, AFTER, evidence),
  )
  expect(asked).toEqual([true, false])
})
