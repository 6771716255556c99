import { expect, test } from 'vitest'
import { makeCollectMetrics } from '../../collect/index.ts'

const NAME = 'kubeprof_target_last_success_timestamp_seconds'

test('the last success of each target is a series of its own where that is asked for', async () => {
  const metrics = makeCollectMetrics({ byTarget: true })
  const startSeconds = Math.floor(Date.now() / 1000)
  metrics.setSuccess('apiservers')
  const [, seconds] = /\{target="apiservers"\} (\d+)/.exec(await metrics.text()) ?? []
  expect(Number(seconds)).toBeGreaterThanOrEqual(startSeconds)
  expect(Number(seconds)).toBeLessThanOrEqual(Date.now() / 1000)
})

test('else no target becomes a label', async () => {
  const metrics = makeCollectMetrics()
  metrics.setSuccess('apiservers')
  expect(await metrics.text()).not.toContain(`${NAME}{`)
})
