import { expect, test } from 'vitest'
import { type Pages, saidTo } from './said-to-server.ts'

const AS = 'k8s.io/apiserver/pkg'
const HOOK = `${AS}/admission/plugin/webhook/validating.(*validatingDispatcher).callHook; k8s.io/client-go/rest.(*Request).Do; runtime.selectgo`

/** Calls of a webhook within ten seconds, and how long all of them took. */
const calls = (count: number, seconds: number): Pages => ({
  'apiserver_admission_webhook_admission_duration_seconds_sum{name="a"}': [0, seconds],
  'apiserver_admission_webhook_admission_duration_seconds_count{name="a"}': [0, count],
  'apiserver_admission_webhook_request_total{name="a"}': [0, count],
})

const ofHook = (waiting: number, pages: Pages) =>
  saidTo({
    rule: 'apiserver.webhook-admission.waiting',
    stacks: `${HOOK} ${waiting}`,
    reads: 'goroutine',
    pages,
  })

test('a webhook whose calls fail and are let through is told to have a server', () => {
  const letThrough = (failed: number): Pages => ({
    ...calls(2000, 874),
    'apiserver_admission_webhook_fail_open_count{name="a"}': [0, failed],
  })
  expect(ofHook(36, letThrough(1936))).toMatch(/^warning/)
  expect(ofHook(36, letThrough(1936))).toMatch(/Most calls fail and are let through/)
  expect(ofHook(36, letThrough(20))).toMatch(/^info/)
  expect(ofHook(36, letThrough(20))).not.toMatch(/Most calls fail/)
})

test('a webhook whose calls fail and are refused is told what bears it until then', () => {
  const refused = (reason: string): Pages => ({
    ...calls(500, 220),
    [`apiserver_admission_webhook_rejection_count{name="a",error_type="${reason}"}`]: [0, 490],
  })
  expect(ofHook(25, refused('calling_webhook_error'))).toMatch(/^warning/)
  expect(ofHook(25, refused('calling_webhook_error'))).toMatch(/their requests are refused/)
  expect(ofHook(25, refused('no_error'))).toMatch(/^info/)
  expect(ofHook(25, refused('no_error'))).not.toMatch(/Most calls fail/)
})

test('few requests that wait for many seconds each are a warning, few that wait for one are not', () => {
  expect(ofHook(9, calls(14, 126))).toMatch(/^warning/)
  expect(ofHook(9, calls(90, 99))).toMatch(/^info/)
})
