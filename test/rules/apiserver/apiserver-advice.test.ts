import { expect, test } from 'vitest'
import { type Pages, saidTo } from '../said-to-server.ts'

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

const letThrough = (failed: number): Pages => ({
  ...calls(2000, 874),
  'apiserver_admission_webhook_fail_open_count{name="a"}': [0, failed],
})

test('a webhook whose calls fail and are let through is told to have a server', () => {
  expect(ofHook(36, letThrough(1936))).toMatch(/^warning/)
  expect(ofHook(36, letThrough(1936))).toMatch(/Most calls fail and are let through/)
  expect(ofHook(36, letThrough(1936))).not.toMatch(/Find out why the webhook answers late/)
  expect(ofHook(36, letThrough(20))).toMatch(/^info[^]*Find out why the webhook answers late/)
  expect(ofHook(36, letThrough(20))).not.toMatch(/Most calls fail/)
})

const refusedFor = (reason: string): Pages => ({
  ...calls(500, 220),
  [`apiserver_admission_webhook_rejection_count{name="a",error_type="${reason}"}`]: [0, 490],
})

test('a webhook whose calls fail and are refused is told what bears it until then', () => {
  expect(ofHook(25, refusedFor('calling_webhook_error'))).toMatch(/^warning/)
  expect(ofHook(25, refusedFor('calling_webhook_error'))).toMatch(/their requests are refused/)
  expect(ofHook(25, refusedFor('no_error'))).toMatch(/^info/)
  expect(ofHook(25, refusedFor('no_error'))).not.toMatch(/Most calls fail/)
})

test('few requests that wait for many seconds each are a warning, few that wait for one are not', () => {
  expect(ofHook(9, calls(14, 126))).toMatch(/^warning/)
  expect(ofHook(9, calls(90, 99))).toMatch(/^info/)
})

const SENDS =
  'k8s.io/kube-openapi/pkg/handler.(*OpenAPIService).RegisterOpenAPIVersionedService.func1; net/http.ServeContent; github.com/NYTimes/gziphandler.(*GzipResponseWriter).Write 300'
const SENDS_GROUP =
  'k8s.io/kube-openapi/pkg/handler3.(*OpenAPIService).HandleGroupVersion; net/http.ServeContent; github.com/NYTimes/gziphandler.(*GzipResponseWriter).Write 300'

const crdsPatched = (count: number): Pages => ({
  'apiserver_request_total{resource="customresourcedefinitions",verb="PATCH"}': [0, count],
})

const ofDocuments = (stacks: string, pages: Pages) =>
  saidTo({ rule: 'apiserver.openapi-download', stacks, pages })

test('an ETag is no help for the document of all groups while CRDs change', () => {
  expect(ofDocuments(SENDS, crdsPatched(20))).toMatch(/stop what changes them/)
  expect(ofDocuments(SENDS, crdsPatched(20))).not.toMatch(/If-None-Match/)
  expect(ofDocuments(SENDS, crdsPatched(0))).toMatch(/If-None-Match/)
  expect(ofDocuments(SENDS, crdsPatched(0))).not.toMatch(/stop what changes them/)
  expect(ofDocuments(SENDS_GROUP, crdsPatched(20))).toMatch(/If-None-Match/)
})

test('who fetches documents is asked by the minute', () => {
  expect(ofDocuments(SENDS, {})).toMatch(/requestReceivedTimestamp\[0:16\]/)
})

const ofBuilds = (minor: number) =>
  saidTo({
    rule: 'apiserver.openapi',
    stacks:
      'k8s.io/apiextensions-apiserver/pkg/controller/openapi.(*Controller).updateSpecLocked; k8s.io/kube-openapi/pkg/builder.MergeSpecs 600',
    pages: crdsPatched(20),
    minor,
  })

test('documents that are built at each change are told of a release that builds them when asked', () => {
  expect(ofBuilds(25)).toMatch(/upgrade to Kubernetes 1[.]28/)
  expect(ofBuilds(29)).not.toMatch(/upgrade to Kubernetes/)
})

const watches = (scope: string, count: number): Pages => ({
  [`apiserver_longrunning_requests{verb="WATCH",resource="pods",scope="${scope}"}`]: [count, count],
})

const ofDelivery = (stacks: string, pages: Pages) =>
  saidTo({ rule: 'apiserver.watch-dispatch', stacks, pages })

const HOLDS = `${AS}/storage/cacher.(*Cacher).dispatchEvents; ${AS}/storage/cacher.(*Cacher).dispatchEvent 300`

test('agents that watch the cluster are named only where watches of it are open', () => {
  const sent: Pages = { 'apiserver_watch_events_total{kind="Pod"}': [0, 5490] }
  const ofTeams = { ...sent, ...watches('cluster', 1), ...watches('namespace', 900) }
  expect(ofDelivery(HOLDS, ofTeams)).toMatch(/a namespace of their own/)
  expect(ofDelivery(HOLDS, ofTeams)).not.toMatch(/spec[.]nodeName/)
  const ofAgents = { ...sent, ...watches('cluster', 300), ...watches('namespace', 20) }
  expect(ofDelivery(HOLDS, ofAgents)).toMatch(/spec[.]nodeName/)
  expect(ofDelivery(HOLDS, sent)).toMatch(/spec[.]nodeName/)
})

const ofNodes = (bytes: number): Pages => ({
  'apiserver_watch_events_total{kind="Node"}': [0, 60_000],
  'apiserver_watch_events_sizes_sum{kind="Node"}': [0, 300 * bytes],
  'apiserver_watch_events_sizes_count{kind="Node"}': [0, 300],
})

test('statuses of Nodes are told of their lists of images where they are large', () => {
  const sends = `${AS}/endpoints/handlers.(*WatchServer).HandleHTTP; ${AS}/endpoints/handlers.(*watchEncoder).Encode 300`
  expect(ofDelivery(sends, ofNodes(9400))).toMatch(/nodeStatusMaxImages/)
  expect(ofDelivery(sends, ofNodes(9400))).not.toMatch(/compare before writing/)
  expect(ofDelivery(sends, ofNodes(2500))).not.toMatch(/nodeStatusMaxImages/)
})

const ofFields = (stacks: string, pages: Pages) =>
  saidTo({ rule: 'apiserver.managed-fields', stacks, pages })

const writes = (verb: string, resource: string, count: number): Pages => ({
  [`apiserver_request_total{verb="${verb}",resource="${resource}",code="200"}`]: [0, count],
})

test('Events that are counted up are told what they complain about, other writes to compare', () => {
  const tracks = `${AS}/storage/etcd3.(*store).GuaranteedUpdate; k8s.io/apimachinery/pkg/util/managedfields/internal.(*FieldManager).Update 300`
  const ofEvents = ofFields(tracks, writes('PATCH', 'events', 840))
  expect(ofEvents).toMatch(/Most writes are of Events/)
  expect(ofEvents).not.toMatch(/compare before updating/)
  const ofPods = ofFields(tracks, {
    ...writes('PATCH', 'events', 40),
    ...writes('PUT', 'pods', 800),
  })
  expect(ofPods).toMatch(/compare before updating/)
  expect(ofPods).not.toMatch(/Most writes are of Events/)
})

test('ConfigMaps that are applied have keys, not lists', () => {
  const applies = `${AS}/endpoints/handlers.(*applyPatcher).applyPatchToCurrentObject; k8s.io/apimachinery/pkg/util/managedfields/internal.(*FieldManager).Apply 300`
  const ofMaps = ofFields(applies, writes('APPLY', 'configmaps', 1380))
  expect(ofMaps).toMatch(/one file or archive in one key/)
  expect(ofMaps).not.toMatch(/listType/)
  const ofOthers = ofFields(applies, writes('APPLY', 'deployments', 1380))
  expect(ofOthers).toMatch(/listType/)
  expect(ofOthers).not.toMatch(/in one key/)
})

test('many bindings of one user in a namespace are told of once', () => {
  const rbac = 'k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac'
  const lists = `${rbac}.(*RBACAuthorizer).RulesFor; k8s.io/kubernetes/pkg/registry/rbac/validation.(*DefaultRuleResolver).VisitRulesFor`
  const ofRights = (inNamespace: number) =>
    saidTo({
      rule: 'apiserver.rbac',
      stacks: `${lists}; ${rbac}.(*RoleGetter).GetRole ${inNamespace}\n${lists}; other ${300 - inNamespace}`,
    })
  expect(ofRights(150)).toMatch(/one Role with all rules and one RoleBinding/)
  expect(ofRights(150)).not.toMatch(/one Role and one RoleBinding in place of many/)
  expect(ofRights(30)).toMatch(/one Role and one RoleBinding in place of many/)
})

const REPLAYS = `${AS}/storage/cacher.(*cacheWatcher).processInterval; ${AS}/storage/cacher.(*cacheWatcher).sendWatchCacheEvent 300`
const watchesEnded = (over: number, slow: number): Pages => ({
  'apiserver_request_total{verb="WATCH",resource="pods"}': [0, over],
  'apiserver_terminated_watchers_total{resource="pods"}': [0, slow],
})
const ofReplay = (stacks: string, pages: Pages) =>
  saidTo({ rule: 'apiserver.watch-init-events', stacks, pages })

test('watches that the server ends for being slow are told to read sooner, not to live longer', () => {
  expect(ofReplay(REPLAYS, watchesEnded(107, 107))).toMatch(/ended most of the watches/)
  expect(ofReplay(REPLAYS, watchesEnded(107, 107))).not.toMatch(/timeoutSeconds/)
  expect(ofReplay(REPLAYS, watchesEnded(3000, 110))).toMatch(/timeoutSeconds[^]*ended watches/)
  expect(ofReplay(REPLAYS, watchesEnded(107, 0))).not.toMatch(/server itself ended/)
})

test('watches of tables have no protobuf', () => {
  const tables = `${REPLAYS}\n${AS}/endpoints/handlers.(*WatchServer).HandleHTTP; ${AS}/endpoints/handlers.asTable 100`
  expect(ofReplay(REPLAYS, watchesEnded(107, 107))).toMatch(/Protobuf/)
  expect(ofReplay(tables, watchesEnded(107, 107))).toMatch(/ended most of the watches/)
  expect(ofReplay(tables, watchesEnded(107, 107))).not.toMatch(/Protobuf/)
})

const ofSelection = (stacks: string) => saidTo({ rule: 'apiserver.list-selective', stacks })

test('lists from etcd that throw most away are told of the cache by the finding on these alone', () => {
  const lists = (store: string) =>
    `${AS}/endpoints/handlers.ListResource.func1; ${AS}/storage/cacher.(*Cacher).GetList; ${store}; k8s.io/api/core/v1.(*Pod).Unmarshal`
  const etcd = `${lists(`${AS}/storage/etcd3.(*store).GetList`)} 600`
  expect(saidTo({ rule: 'apiserver.list-from-etcd', stacks: etcd })).toMatch(/ResourceVersion: "0"/)
  expect(ofSelection(etcd)).toMatch(/the finding on lists from etcd/)
  expect(ofSelection(etcd)).not.toMatch(/ResourceVersion: "0"/)
  const fromCache = `${lists('k8s.io/apiserver/pkg/storage/cacher.newListWork')} 400`
  const mixed = `${fromCache}\n${lists(`${AS}/storage/etcd3.(*store).GetList`)} 200`
  expect(ofSelection(mixed)).toMatch(/ResourceVersion: "0"/)
})

const UPDATES = `${AS}/storage/etcd3.(*store).GuaranteedUpdate; ${AS}/storage/etcd3.(*store).updateState 300`
const ofConflicts = (pages: Pages) =>
  saidTo({ rule: 'apiserver.write-conflicts', stacks: UPDATES, pages })
const refused = (resource: string): Pages => ({
  [`apiserver_request_total{verb="PUT",resource="${resource}",code="409"}`]: [0, 11_840],
})

test('updates of Endpoints that are refused may be of an election', () => {
  expect(ofConflicts(refused('endpoints'))).toMatch(/a Lease, by client-go's leaderelection/)
  expect(ofConflicts(refused('leases'))).toMatch(/Nearly all updates are refused/)
  expect(ofConflicts(refused('leases'))).not.toMatch(/leaderelection/)
})

test('how often each write is tried is told where the server tries again', () => {
  const tried: Pages = {
    ...writes('PATCH', 'configmaps', 94),
    'etcd_request_duration_seconds_count{operation="update",type="configmaps"}': [0, 2041],
  }
  expect(ofConflicts(tried)).toMatch(/the tries that each takes/)
  expect(ofConflicts(refused('leases'))).not.toMatch(/the tries that each takes/)
})

const average = (name: string, labels: string, count: number, seconds: number): Pages => ({
  [`${name}_sum{${labels}}`]: [0, seconds],
  [`${name}_count{${labels}}`]: [0, count],
})

test('reviews of rights are judged by what they take, and tokens are not told of', () => {
  const authorizes =
    'k8s.io/apiserver/plugin/pkg/authorizer/webhook.(*WebhookAuthorizer).Authorize; k8s.io/client-go/rest.(*Request).Do; runtime.selectgo 50'
  const ofRights = (seconds: number) =>
    saidTo({
      rule: 'apiserver.webhook-auth.waiting',
      stacks: authorizes,
      reads: 'goroutine',
      pages: {
        ...average('apiserver_authorization_webhook_duration_seconds', 'name="a"', 710, seconds),
        ...average('authentication_duration_seconds', 'result="success"', 1000, 0.09),
        'authentication_token_cache_request_total{status="hit"}': [0, 1000],
      },
    })
  expect(ofRights(497)).toMatch(/^warning[^]*Average review of rights, by webhook: a 700 ms/)
  expect(ofRights(497)).not.toMatch(/caches of tokens|Average authentication/)
  expect(ofRights(71)).toMatch(/^info/)
})

const CONVERTS =
  'k8s.io/apiextensions-apiserver/pkg/apiserver/conversion.(*webhookConverter).Convert; k8s.io/client-go/rest.(*Request).Do; runtime.selectgo'

const ofConversions = (waiting: number, seconds: number) =>
  saidTo({
    rule: 'apiserver.webhook-conversion.waiting',
    stacks: `${CONVERTS} ${waiting}`,
    reads: 'goroutine',
    pages: average(
      'apiserver_crd_conversion_webhook_duration_seconds',
      'crd_name="a"',
      100,
      seconds,
    ),
  })

test('conversions that take a second each are a warning from twenty that wait on', () => {
  expect(ofConversions(45, 81)).toMatch(/^warning/)
  expect(ofConversions(45, 9)).toMatch(/^info/)
  expect(ofConversions(12, 110)).toMatch(/^info/)
})

test('a large watch cache is told of the kinds that fill it, and that no size makes it smaller', () => {
  const holds = (kind: string) =>
    saidTo({
      rule: 'apiserver.watchcache-memory',
      stacks: `${AS}/storage/etcd3.(*watchChan).transform; k8s.io/api/${kind}.Unmarshal 900000000`,
      reads: 'inuse_space',
    })
  expect(holds('core/v1.(*ConfigMap)')).toMatch(/100% of it[^]*Helm/)
  expect(holds('core/v1.(*ConfigMap)')).not.toMatch(/ttlSecondsAfterFinished|EndpointSlices/)
  expect(holds('core/v1.(*Pod)')).toMatch(/ttlSecondsAfterFinished/)
  expect(holds('core/v1.(*Pod)')).not.toMatch(/Helm/)
  expect(holds('core/v1.(*Endpoints)')).toMatch(/Services that nobody uses/)
  expect(holds('apps/v1.(*Deployment)')).not.toMatch(/Helm|ttlSeconds|nobody uses/)
  expect(holds('apps/v1.(*Deployment)')).toMatch(/other sizes do not count/)
  const unseen = `${AS}/storage/etcd3.(*watchChan).transform; encoding/json.Unmarshal 900000000`
  const ofUnseen = saidTo({
    rule: 'apiserver.watchcache-memory',
    stacks: unseen,
    reads: 'inuse_space',
  })
  expect(ofUnseen).toMatch(/See which kinds are many/)
  expect(ofUnseen).not.toMatch(/Helm|ttlSeconds|nobody uses/)
})

test('handshakes of those that begin their watches again are told with these, others apart', () => {
  const stacks = `${AS}/storage/cacher.(*cacheWatcher).processInterval; ${AS}/storage/cacher.(*cacheWatcher).sendWatchCacheEvent 45\ncrypto/tls.(*Conn).serverHandshake 40`
  const ofHandshakes = (requests: number) =>
    saidTo({
      rule: 'apiserver.tls-handshakes',
      stacks,
      pages: { ...watchesEnded(270, 0), authentication_attempts: [0, requests] },
    })
  expect(ofHandshakes(275)).toBe('TLS handshakes take much of the CPU time')
  expect(ofHandshakes(2000)).toMatch(/keep one/)
})

const allocates = (caller: string) =>
  `k8s.io/kubernetes/pkg/registry/core/service/${caller}; k8s.io/kubernetes/pkg/registry/core/service/allocator/storage.(*Etcd).AllocateNext; sync.(*Mutex).Lock; sync.runtime_SemacquireMutex 79`

const ofQueue = (caller: string, minor: number) =>
  saidTo({
    rule: 'apiserver.service-allocator',
    stacks: allocates(caller),
    reads: 'goroutine',
    minor,
  })

test('Services that queue for an address are told of a release that keeps an object for each', () => {
  const addresses = 'ipallocator.(*Range).AllocateNext'
  expect(ofQueue(addresses, 25)).toMatch(/clusterIP: None[^]*upgrade to Kubernetes 1[.]33/)
  expect(ofQueue(addresses, 25)).not.toMatch(/allocateLoadBalancerNodePorts/)
  const ports = 'portallocator.(*PortAllocator).AllocateNext'
  expect(ofQueue(ports, 25)).toMatch(/allocateLoadBalancerNodePorts/)
  expect(ofQueue(ports, 25)).not.toMatch(/upgrade to/)
})

const triedAndAsked = (asked: number): Pages => ({
  ...writes('PATCH', 'configmaps', 88),
  'etcd_request_duration_seconds_count{operation="update",type="configmaps"}': [0, 2532],
  'apiserver_admission_webhook_request_total{name="a"}': [0, asked],
})

test('a webhook that each try of a write asks is told of where writes conflict', () => {
  expect(ofConflicts(triedAndAsked(2529))).toMatch(/leave them out by rules[^]*let fewer write/)
  expect(ofConflicts(triedAndAsked(88))).not.toMatch(/leave them out by rules/)
})

const ofVersions = (pages: Pages) =>
  saidTo({
    rule: 'apiserver.webhook-conversion.waiting',
    stacks: `${CONVERTS} 45`,
    reads: 'goroutine',
    pages,
  })

test('the one version that is converted to is advised to be the stored one first', () => {
  const counted = 'apiserver_crd_conversion_webhook_duration_seconds_count'
  const one: Pages = { [`${counted}{crd_name="a",to_version="v2"}`]: [0, 597] }
  expect(ofVersions(one)).toMatch(/Where the one version[^]*can use the stored version/)
  const both = { ...one, [`${counted}{crd_name="a",to_version="v1"}`]: [0, 90] as const }
  expect(ofVersions(both)).toMatch(/can use the stored version/)
  expect(ofVersions(both)).not.toMatch(/Where the one version|Where most clients ask/)
})
