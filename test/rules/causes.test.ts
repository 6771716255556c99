import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { judgeCaptures } from '../../bench/reports/labelled-captures.ts'
import { diagnose, type DiagnosisInput } from '../../diagnosis/index.ts'
import { readProfile } from '../../gzip/node.ts'
import { loadRules } from '../../judge/index.ts'
import { cpuProfile } from '../diagnosis/make-rule.ts'

const { ruleSet } = await loadRules()
const judged = ['first-sight-12', 'first-sight-13', 'first-sight-17'].flatMap((folder) =>
  judgeCaptures(`test/fixtures/${folder}`, ruleSet),
)

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

/** Where all findings of these profiles send the reader. */
function stepsOf(inputs: readonly DiagnosisInput[]): string {
  const { findings } = diagnose(inputs, ruleSet, { language: 'en' })
  return JSON.stringify(findings.map(({ next }) => next))
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

test('a few updates that are refused and read their object again are no wait for etcd', () => {
  const rules = findingsOf('api134-lease-written-with-old-versions').map(({ rule }) => rule)
  expect(rules).toContain('apiserver.write-conflicts')
  expect(rules).not.toContain('apiserver.etcd-wait')
})

test('no step asks for a profile that the capture holds', () => {
  const cpu = { path: 'cpu.pb.gz', profile: cpuProfile('main.main; main.(*Shop).DeepCopy 300', 1) }
  const file = 'test/fixtures/first-sight-12/client134-patches-worked-out-for-all/allocs.pb.gz'
  const allocs = { path: 'allocs.pb.gz', profile: readProfile(readFileSync(file)) }
  expect(stepsOf([cpu])).toContain('allocs?seconds')
  expect(stepsOf([cpu, allocs])).not.toContain('allocs?seconds')
})

test.each([
  ['etcd3616-old-password-tried', 'etcd.auth-password', /Most are refused/, /its token/],
  ['etcd3616-walked-in-pages-of-fifty', 'etcd.range', /larger ones/, /it is their number/],
  ['api134-lease-written-with-old-versions', 'apiserver.write-conflicts', /read it again/, /^$/],
  ['kcm134-owned-objects-at-5-qps', 'kcm.garbage-collector', /smaller portions/, /concurrent-gc/],
  ['operator34-errors-with-stacks', 'any.logging', /adds stacks/, /off by default/],
  ['operator34-waits-in-its-workers', 'client.reconcile-backlog', /RequeueAfter/, /MaxConcurrent/],
])('%s: %s advises by what stands before it', (name, rule, told, not) => {
  const { remedy } = adviceOf(name, rule)
  expect(remedy).toMatch(told)
  expect(remedy).not.toMatch(not)
})

test('an etcd that nothing compacts is to be compacted, not to be given a larger quota', () => {
  const { remedy, next } = adviceOf('etcd3512-nothing-is-ever-compacted', 'etcd.quota')
  expect(remedy).toContain('--auto-compaction-mode=periodic')
  expect(remedy).not.toMatch(/larger --quota|alarm disarm/)
  expect(next).not.toMatch(/alarm list|deriv/)
})

test('an audit log that a pipe takes is not to have a disk of its own', () => {
  const { remedy } = adviceOf('api127-audit-log-on-a-slow-disk', 'apiserver.audit.waiting')
  expect(remedy).toMatch(/a pipe[^]*--audit-log-batch-buffer-size/)
  expect(remedy).toContain('level Metadata')
  expect(remedy).not.toContain('disk')
})

test('requests that the aggregator passes on lead to an APIService', () => {
  const waiting = adviceOf('api127-dashboards-wait-for-metrics', 'runtime.http-requests-wait')
  expect(waiting.remedy).toContain('Find the APIService')
  expect(waiting.next).toContain('kubectl get apiservices')
})

test('a server that has just started is not excused from handshakes for each request', () => {
  const shakes = findingsOf('api127-pipelines-connect-and-fetch-the-schema')
  expect(shakes.map(({ rule, level }) => `${level} ${rule}`)).toContain(
    'warning apiserver.tls-handshakes',
  )
})

test('what each Service, constraint, backup and list of the seventeenth set costs is told', () => {
  const service = adviceOf('proxy127-one-service-of-four-thousand-endpoints', 'kubeproxy.sync')
  expect(service.remedy).toContain('Making the endpoints of changed Services anew')
  const spread = adviceOf('sched127-caches-on-each-host', 'scheduler.plugin-cost')
  expect(spread.remedy).toContain('Counting pods for topologySpreadConstraints')
  expect(adviceOf('etcd3512-backups-and-checks', 'etcd.snapshot').remedy).not.toContain('off hours')
  expect(adviceOf('etcd3512-backups-and-checks', 'etcd.hash').next).not.toContain('How long')
  const lists = adviceOf('api127-all-pods-in-pages-each-second', 'apiserver.list-from-etcd')
  expect(lists.remedy).toContain('a label selector')
})
