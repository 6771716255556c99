import { expect, test } from 'vitest'
import { judgeCaptures } from '../../bench/reports/labelled-captures.ts'
import { loadRules } from '../../judge/index.ts'

const { ruleSet } = await loadRules()
const judged = judgeCaptures('test/fixtures/first-sight-12', ruleSet)

/** What is said of one capture. */
function findingsOf(name: string) {
  const found = judged.find(({ capture }) => capture.name === name)
  return found?.findings ?? []
}

/** What a finding of it advises, and where it sends the reader. */
function adviceOf(name: string, rule: string) {
  const findings = findingsOf(name).filter((finding) => finding.rule === rule)
  const steps = findings.flatMap(({ next }) => next)
  return {
    remedy: findings.flatMap(({ remedy }) => remedy).join('\n'),
    next: steps.map((step) => JSON.stringify(step)).join('\n'),
  }
}

test('clients are not told to keep connections that the server closes for want of authentication', () => {
  const { remedy, next } = adviceOf('api134-tokens-of-another-cluster', 'apiserver.tls-handshakes')
  expect(remedy).toContain('Where authentication fails')
  expect(remedy).not.toMatch(/let each keep one|load balancer/)
  expect(next).toContain('responseStatus.code==401')
})

test('leases of elections that wait for the limiter are not to be read from informers', () => {
  const { remedy } = adviceOf('client134-an-election-for-each-tenant', 'client.throttled')
  expect(remedy).toContain('Leader elections are')
  expect(remedy).not.toMatch(/informer|Writes are/)
})

test('values before that watches ask for are no reads of their own', () => {
  const rules = findingsOf('etcd3616-config-watched-by-all').map(({ rule }) => rule)
  expect(rules).toContain('etcd.watch-fanout')
  expect(rules).not.toContain('etcd.range')
})

test('no step asks for a profile that the capture holds', () => {
  const name = 'client134-patches-worked-out-for-all'
  expect(adviceOf(name, 'runtime.gc-assist').next).not.toContain('allocs?seconds')
})
