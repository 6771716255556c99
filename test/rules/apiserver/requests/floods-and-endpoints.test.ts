import { expect, test } from 'vitest'
import { diagnose } from '../../../../diagnosis/index.ts'
import { cpuProfile, makeRules } from '../../../diagnosis/make-rule.ts'
import { type Pages, saidTo } from '../../said-to-server.ts'

const events = (created: number, updated: number): Pages => ({
  'apiserver_request_total{resource="events",verb="POST"}': [0, created],
  'apiserver_request_total{resource="events",verb="PATCH"}': [0, updated],
})

const ofEvents = (pages: Pages) =>
  saidTo({
    rule: 'apiserver.event-flood',
    stacks: 'k8s.io/kubernetes/pkg/registry/core/event.eventStrategy.PrepareForCreate 700',
    pages,
  })

test('Events that are never counted up are told to come from no recorder', () => {
  expect(ofEvents(events(1990, 0))).toMatch(/a recorder of client-go/)
  expect(ofEvents(events(1990, 400))).not.toMatch(/a recorder of client-go/)
})

test('a flooded server is watched for half a minute, and a quiet one is asked for all Events', () => {
  expect(ofEvents(events(1990, 0))).toMatch(/timeout 30 kubectl get events -A --watch-only/)
  expect(ofEvents(events(90, 0))).toMatch(/kubectl get events -A -o json/)
  expect(ofEvents(events(90, 0))).not.toMatch(/watch-only/)
})

const ofEndpoints = (added: number) =>
  saidTo({
    rule: 'kcm.endpoints-syncs',
    component: 'kube-controller-manager',
    stacks: 'k8s.io/kubernetes/pkg/controller/endpointslice.(*Controller).syncService 700',
    pages: {
      'endpoint_slice_controller_changes{operation="update"}': [0, 200],
      endpoint_slice_controller_endpoints_added_per_sync_sum: [500, 500 + added],
      endpoint_slice_controller_endpoints_removed_per_sync_sum: [0, 0],
    },
  })

test('where no address of a Service comes or goes, its readiness changes', () => {
  expect(ofEndpoints(0)).toMatch(/readiness alone changes/)
  expect(ofEndpoints(40)).not.toMatch(/readiness alone changes/)
  expect(ofEndpoints(40)).toMatch(/rolled out or scaled all the time/)
})

const ofDiscovery = (seconds: number) =>
  saidTo({
    rule: 'apiserver.discovery',
    stacks: 'k8s.io/apiserver/pkg/endpoints/discovery.(*APIVersionHandler).ServeHTTP 200',
    seconds,
  })

test('discovery that takes next to nothing is no finding', () => {
  expect(ofDiscovery(20)).toMatch(/^info/)
  expect(ofDiscovery(60)).toBe('')
})

test('a step is told once for all groups of a rule', () => {
  const next = [
    { what: { en: 'Who asks', zh: '谁' }, command: 'kubectl get --raw /{group}' },
    { what: { en: 'How often', zh: '频率' }, metric: 'rate(asked_total[5m])' },
  ]
  const part = { reads: 'cpu', levels: { info: 'lo > 0.1' }, next }
  const rules = makeRules(
    { ...part, id: 'test.a', by: 'main\\.ask([A-Z]\\w*)', where: { any: ['main.ask*'] } },
    { ...part, id: 'test.b', where: { any: ['main.other'] } },
  )
  const profile = cpuProfile('main.askPods 400\nmain.askNodes 300\nmain.other 300')
  const { findings } = diagnose([{ path: 'cpu.pb.gz', profile }], rules, { language: 'en' })
  expect(findings.map(({ group, next }) => [group, next.length])).toEqual([
    ['Pods', 2],
    ['Nodes', 1],
    [null, 2],
  ])
})

test('a log line is looked for once, by the first finding that asks for it', () => {
  const log = { what: { en: 'Who asks', zh: '谁在请求' }, log: 'userAgent' }
  const asks = (id: string, name: string, own: readonly object[]) => ({
    id,
    reads: 'cpu',
    where: { any: [name] },
    levels: { info: 'lo > 0.1' },
    remedy: [{ en: 'Ask less often (below). Costs: nothing.', zh: '减少请求（见下）。代价：无。' }],
    next: [log, ...own],
  })
  const how = { what: { en: 'How often', zh: '频率' }, metric: 'rate(asked_total[5m])' }
  const rules = makeRules(asks('test.a', 'main.list', []), asks('test.b', 'main.get', [how]))
  const toldOf = (stacks: string) =>
    diagnose([{ path: 'cpu.pb.gz', profile: cpuProfile(stacks) }], rules, {
      language: 'en',
    }).findings.map(({ rule, next, remedy }) => [rule, next.length, remedy[0]?.includes('(below)')])
  expect(toldOf('main.list 600\nmain.get 400')).toEqual([
    ['test.a', 1, true],
    ['test.b', 1, true],
  ])
  expect(toldOf('main.list 400\nmain.get 600')).toEqual([
    ['test.b', 2, true],
    ['test.a', 0, false],
  ])
})
