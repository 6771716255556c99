import { expect, test } from 'vitest'
import { type Pages, saidTo, type Server } from '../said-to-server.ts'

const AS = 'k8s.io/apiserver/pkg'
const AE = 'k8s.io/apiextensions-apiserver/pkg/apiserver'
const ETCD3 = `${AS}/storage/etcd3`
const ASKS = `${ETCD3}.(*store).Get; go.etcd.io/etcd/client/v3.(*kv).Get; go.etcd.io/etcd/client/v3.(*kv).Do`
const COMMITS = `${ETCD3}.(*store).GuaranteedUpdate; go.etcd.io/etcd/client/v3.(*txn).Commit`
const POLICY = `${AS}/admission/plugin/policy/validating.(*validator).Validate; ${AS}/admission/plugin/cel.(*condition).ForInput`
const MAPS = `${POLICY}; ${AS}/admission/plugin/cel.newActivation; ${AS}/admission/plugin/cel.convertObjectToUnstructured`
const EVALUATES = `${POLICY}; github.com/google/cel-go/cel.(*prog).ContextEval`
const POSTS = 'k8s.io/client-go/rest.(*Request).Do; runtime.selectgo'
const CONVERTS = `${AE}/conversion.(*webhookConverter).Convert; ${POSTS}`
const FILLS = `${ETCD3}.(*watchChan).serialProcessEvents; ${ETCD3}.(*watchChan).transform; ${CONVERTS}`
const AUDITS = `${AS}/audit.(*AuditContext).ProcessEventStage; k8s.io/apiserver/plugin/pkg/audit`
const BEGINS = `${AS}/storage/cacher.(*cacheWatcher).processInterval; ${AS}/storage/cacher.(*cacheWatcher).sendWatchCacheEvent 300`

const average = (name: string, labels: string, count: number, seconds: number): Pages => ({
  [`${name}_sum{${labels}}`]: [0, seconds],
  [`${name}_count{${labels}}`]: [0, count],
})
const etcd = (operation: string, seconds: number): Pages =>
  average('etcd_request_duration_seconds', `operation="${operation}"`, 1000, seconds)
const events = (count: number): Pages => ({
  apiserver_audit_event_total: [0, count],
  'apiserver_audit_level_total{level="Metadata"}': [0, 1000],
  'apiserver_audit_level_total{level="None"}': [0, 500],
})

/** Of so many open watches 30 end each second. */
const watches = (open: number): Pages => ({
  'apiserver_longrunning_requests{resource="pods",verb="WATCH"}': [open, open],
  'apiserver_request_total{resource="pods",verb="WATCH"}': [0, 300],
})

const waitsForEtcd: Server = {
  rule: 'apiserver.etcd-wait',
  reads: 'goroutine',
  stacks: `${ASKS} 60\n${COMMITS} 30`,
}
const waitsForAuditor: Server = {
  rule: 'apiserver.audit.waiting',
  reads: 'goroutine',
  stacks: `${AUDITS}/webhook.(*backend).ProcessEvents; ${POSTS} 50`,
}
const converted = average(
  'apiserver_crd_conversion_webhook_duration_seconds',
  'crd_name="a",to_version="v2"',
  50,
  50,
)

test.each<[string, Server, RegExp, RegExp]>([
  [
    'reads of etcd as slow as writes: a link, not a disk',
    { ...waitsForEtcd, pages: { ...etcd('get', 131), ...etcd('update', 130) } },
    /round trip from the apiserver to etcd/,
    /disk of etcd in the same minute|wal_fsync|answers at all/,
  ],
  [
    'writes far slower than reads: a disk',
    { ...waitsForEtcd, pages: { ...etcd('get', 40), ...etcd('update', 130) } },
    /disk of etcd in the same minute/,
    /first to suspect/,
  ],
  [
    'no times of etcd at hand',
    waitsForEtcd,
    /whether etcd answers at all[^]*disk of etcd in the same minute/,
    /first to suspect/,
  ],
  ['objects read by name', waitsForEtcd, /GET objects by name[^]*all kinds but Events/, /^$/],
  [
    'updates alone',
    { ...waitsForEtcd, stacks: `${COMMITS} 90` },
    /disk of etcd in the same minute/,
    /GET objects by name/,
  ],
  [
    'policies that turn objects into maps',
    { rule: 'apiserver.cel', stacks: `${MAPS} 600\n${EVALUATES} 100` },
    /fewer policies with more validations/,
    /walk long lists/,
  ],
  [
    'policies whose expressions are what it costs',
    { rule: 'apiserver.cel', stacks: `${MAPS} 100\n${EVALUATES} 600` },
    /walk long lists/,
    /fewer policies with more validations/,
  ],
  [
    'a watch cache that a webhook fills beside the requests that wait for it',
    {
      rule: 'apiserver.webhook-conversion.waiting',
      reads: 'goroutine',
      stacks: `${CONVERTS} 45\n${FILLS} 1`,
    },
    /45 requests wait[^]*watch cache of a served version is filled/,
    /46 requests/,
  ],
  [
    'requests that wait for a conversion, and no watch cache',
    {
      rule: 'apiserver.webhook-conversion.waiting',
      reads: 'goroutine',
      stacks: `${CONVERTS} 45`,
    },
    /45 requests wait[^]*served: false/,
    /nothing is converted|is filled/,
  ],
  [
    'one event a request',
    { ...waitsForAuditor, pages: events(1000) },
    /level None/,
    /omitStages|iostat/,
  ],
  ['two events a request', { ...waitsForAuditor, pages: events(2000) }, /omitStages/, /iostat/],
  [
    'requests that stand before a log file',
    { ...waitsForAuditor, stacks: `${AUDITS}/log.(*backend).ProcessEvents; sync.(*Mutex).Lock 50` },
    /iostat/,
    /audit webhook is one/,
  ],
  [
    'events for a webhook',
    { rule: 'apiserver.audit', stacks: `${AUDITS}/webhook.(*backend).ProcessEvents 300` },
    /level None/,
    /audit\.log/,
  ],
  [
    'events for a file',
    { rule: 'apiserver.audit', stacks: `${AUDITS}/log.(*backend).ProcessEvents 300` },
    /audit\.log/,
    /^$/,
  ],
  [
    'watches that ask for much',
    { rule: 'apiserver.watch-init-events', stacks: BEGINS, minor: 35 },
    /timeoutSeconds[^]*a selector[^]*their program starts again/,
    /ended watches/,
  ],
  [
    'watches that live for seconds',
    { rule: 'apiserver.watch-init-events', stacks: BEGINS, pages: watches(90) },
    /live for seconds/,
    /^$/,
  ],
  [
    'watches that live for minutes',
    { rule: 'apiserver.watch-init-events', stacks: BEGINS, pages: watches(9000) },
    /timeoutSeconds/,
    /live for seconds/,
  ],
  [
    'charts that are half of a heap below a gigabyte',
    {
      rule: 'apiserver.watchcache-memory',
      reads: 'inuse_space',
      stacks: `${ETCD3}.(*watchChan).transform; k8s.io/api/core/v1.(*ConfigMap).Unmarshal 476000000\nnet/http.(*conn).serve 400000000`,
    },
    /^info[^]*history-max/,
    /^warning/,
  ],
])('%s', (_name, server, says, leavesOut) => {
  expect(saidTo(server)).toMatch(says)
  expect(saidTo(server)).not.toMatch(leavesOut)
})

test.each<[string, Server]>([
  [
    'custom resources of a server that does hardly anything',
    {
      rule: 'apiserver.crd-unstructured',
      seconds: 60,
      stacks: `${AE}.(*crdHandler).ServeHTTP; ${AE}.schemaCoercingDecoder.Decode 250`,
    },
  ],
  [
    'audit events of a server that does hardly anything',
    {
      rule: 'apiserver.audit',
      seconds: 60,
      stacks: `${AUDITS}/webhook.(*backend).ProcessEvents 250`,
    },
  ],
  [
    'a watch cache that a webhook fills, and no request that waits',
    {
      rule: 'apiserver.webhook-conversion.waiting',
      reads: 'goroutine',
      stacks: `${FILLS} 3`,
      pages: converted,
    },
  ],
])('%s is no finding', (_name, server) => {
  expect(saidTo(server)).toBe('')
  const busy = server.stacks.replace(`${ETCD3}.(*watchChan).transform; `, '')
  const waits = busy.replace(`${ETCD3}.(*watchChan).serialProcessEvents; `, '')
  expect(saidTo({ ...server, stacks: waits, seconds: 10 })).not.toBe('')
})

test('what a release counts by an old and a new name is told once', () => {
  const said = saidTo({
    rule: 'apiserver.watchcache-memory',
    reads: 'inuse_space',
    stacks: `${ETCD3}.(*watchChan).transform; k8s.io/api/core/v1.(*ConfigMap).Unmarshal 476000000`,
    pages: {
      'apiserver_storage_objects{resource="configmaps"}': [3029, 3029],
      'apiserver_resource_objects{resource="configmaps"}': [3029, 3029],
    },
  })
  expect(said.match(/Objects stored: configmaps 3,029/g)).toHaveLength(1)
})
