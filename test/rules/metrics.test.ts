import { expect, test } from 'vitest'
import { metricFaults } from '../../cli/rules/check-metrics.ts'
import { readMetricInventory } from '../../cli/rules/read-inventory.ts'
import { BUILT_IN_RULES, describeFault, locateFaults, readRules } from '../../judge/load-rules.ts'

const inventory = readMetricInventory()
const { rules } = await readRules(BUILT_IN_RULES)

function faultsOf(rule: object) {
  return metricFaults([{ file: 'my.yaml', document: rule }], inventory).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  )
}

test('every metric that a rule names is declared by a component, and of the kind the rule takes it for', async () => {
  const faults = metricFaults(rules, inventory, { isForeignChecked: true })
  expect((await locateFaults(faults)).map(describeFault)).toEqual([])
})

test('a misspelt query is reported with the nearest metric', () => {
  expect(
    faultsOf({ next: [{ metric: 'sum by (verb) (rate(apiserver_requests_total[5m]))' }] }),
  ).toEqual([
    'next.0.metric: no known component has the metric "apiserver_requests_total"; did you mean apiserver_request_total?',
  ])
})

test('a condition may not ask for a metric that is not there', () => {
  expect(faultsOf({ levels: { info: 'metrics.go_goroutine > 5' } })).toHaveLength(1)
})

test('a gauge is not a counter', () => {
  expect(faultsOf({ metrics: [{ counter: 'workqueue_depth' }] })).toEqual([
    'metrics.0.counter: "workqueue_depth" is a gauge',
  ])
})

test("series of histograms, labels, functions and another program's metrics are not reported", () => {
  const metric =
    'histogram_quantile(0.99, sum by (le, name_of) (rate(workqueue_work_duration_seconds_bucket{job="a_b"}[5m]))) / my_operator_total'
  expect(faultsOf({ next: [{ metric }] })).toEqual([])
})
