import { expect, test } from 'vitest'
import { type Pages, saidTo, type Server } from '../said-to-server.ts'

const AS = 'k8s.io/apiserver/pkg'
const request = (labels: string): string => `apiserver_request_total{${labels}}`
const GET_LIST = `${AS}/storage/etcd3.(*store).GetList`
const LISTS = `${AS}/endpoints/handlers.ListResource; ${GET_LIST}; k8s.io/api/core/v1.(*Pod).Unmarshal 700`
const DELETES = `${AS}/registry/generic/registry.(*Store).DeleteCollection; ${GET_LIST}; k8s.io/api/core/v1.(*Pod).Unmarshal 700`
const EVENTS = `${AS}/endpoints/handlers.ListResource; ${GET_LIST}; k8s.io/api/core/v1.(*Event).Unmarshal 700`
const SELECTS = `${AS}/storage/cacher.(*Cacher).GetList; ${AS}/storage.(*SelectionPredicate).MatchesObjectAttributes 300`
const FINISH = `${AS}/util/flowcontrol/fairqueuing/queueset.(*request).Finish`
const QUEUED = `${FINISH}; ${AS}/util/flowcontrol/fairqueuing/queueset.(*request).wait; runtime.selectgo 150`
const SHAKES = 'net/http.(*conn).serve; crypto/tls.(*Conn).serverHandshake; crypto/rsa.SignPSS 600'
const VERIFIES = `${AS}/authentication/token/cache.(*cachedTokenAuthenticator).doAuthenticateToken.func1; k8s.io/kubernetes/pkg/serviceaccount.(*jwtTokenAuthenticator).AuthenticateToken 300`
const WEBHOOK = `${AS}/admission/plugin/webhook/validating.(*validatingDispatcher).callHook; k8s.io/client-go/rest.(*Request).Do; runtime.selectgo 150`
const BUILDS = 'k8s.io/apiextensions-apiserver/pkg/controller/openapi.(*Controller).sync 300'
const SENDS = `${AS}/endpoints/handlers.(*WatchServer).HandleHTTP; ${AS}/endpoints/handlers.(*watchEncoder).Encode 300`
const BEGINS = `${AS}/storage/cacher.(*cacheWatcher).processInterval; ${AS}/storage/cacher.(*cacheWatcher).sendWatchCacheEvent 300`
const DELIVERS = `${AS}/storage/cacher.(*Cacher).dispatchEvents; ${AS}/storage/cacher.(*Cacher).dispatchEvent 300`
const UPDATES = `${AS}/endpoints/handlers.UpdateResource; k8s.io/apimachinery/pkg/util/managedfields.(*FieldManager).Update 300`
const REFUSES = `${AS}/endpoints/handlers/responsewriters.ErrorNegotiated; ${AS}/endpoints/handlers/responsewriters.SerializeObject; k8s.io/apimachinery/pkg/runtime/serializer/json.(*Serializer).Encode 300`
const WATCHERS = `${AS}/storage/cacher.(*cacheWatcher).process; runtime.selectgo 6000`

const answers = (name: string, count: number, seconds: number): Pages => ({
  [`${name}_sum{name="a",operation="list"}`]: [0, seconds],
  [`${name}_count{name="a",operation="list"}`]: [0, count],
})

test.each<[string, Server, RegExp, RegExp]>([
  [
    'lists of some milliseconds are in no trace',
    {
      rule: 'apiserver.list-from-etcd',
      stacks: LISTS,
      pages: answers('etcd_request_duration_seconds', 1000, 40),
    },
    /Who asks/,
    /500 ms/,
  ],
  [
    'lists of a second are',
    {
      rule: 'apiserver.list-from-etcd',
      stacks: LISTS,
      pages: answers('etcd_request_duration_seconds', 100, 90),
    },
    /500 ms/,
    /^$/,
  ],
  [
    'consistent lists that come from the cache need no newer etcd',
    {
      rule: 'apiserver.list-from-etcd',
      stacks: LISTS,
      pages: { 'apiserver_watch_cache_consistent_read_total{fallback="false"}': [5, 5] },
    },
    /ListFromCacheSnapshot/,
    /3\.5\.13/,
  ],
  [
    'namespaces that are deleted are not told of a namespace of their own',
    {
      rule: 'apiserver.list-from-etcd',
      stacks: DELETES,
      pages: {
        [request('resource="namespaces",scope="resource",verb="DELETE"')]: [0, 90],
        [request('resource="pods",scope="namespace",verb="DELETE"')]: [0, 900],
      },
    },
    /fewer of them, or several runs in one.*Who deletes namespaces/s,
    /owner references|Deletions of collections by resource/,
  ],
  [
    'Events of one namespace are not told to ask for one',
    {
      rule: 'apiserver.list-from-etcd',
      stacks: EVENTS,
      pages: { [request('resource="events",scope="namespace",verb="LIST"')]: [0, 900] },
    },
    /watch Events instead/,
    /ask for that one/,
  ],
  [
    'Events of all namespaces are',
    {
      rule: 'apiserver.list-from-etcd',
      stacks: EVENTS,
      pages: { [request('resource="events",scope="cluster",verb="LIST"')]: [0, 900] },
    },
    /ask for that one/,
    /^$/,
  ],
  [
    'selectors within one namespace',
    {
      rule: 'apiserver.list-filter-waste',
      stacks: SELECTS,
      pages: { [request('resource="pods",scope="namespace",verb="LIST"')]: [0, 900] },
    },
    /an informer with that same selector/,
    /one is enough|metadata\.name|spec\.nodeName/,
  ],
  [
    'lists whose objects are returned are thrown away by no selector',
    {
      rule: 'apiserver.list-selective',
      stacks: LISTS,
      pages: {
        'apiserver_storage_list_evaluated_objects_total{resource="pods"}': [0, 9000],
        'apiserver_storage_list_returned_objects_total{resource="pods"}': [0, 9000],
      },
    },
    /^$/,
    /selector/,
  ],
  [
    'lists of which a tenth is returned are',
    {
      rule: 'apiserver.list-selective',
      stacks: LISTS,
      pages: {
        'apiserver_storage_list_evaluated_objects_total{resource="pods"}': [0, 9000],
        'apiserver_storage_list_returned_objects_total{resource="pods"}': [0, 900],
      },
    },
    /selector/,
    /read against|against objects returned/,
  ],
  [
    'seats that a webhook holds',
    { rule: 'apiserver.apf-queue', reads: 'goroutine', stacks: `${QUEUED}\n${FINISH}; ${WEBHOOK}` },
    /mend that first/,
    /ConcurrencyShares|max-requests-inflight/,
  ],
  [
    'seats of requests that work',
    {
      rule: 'apiserver.apf-queue',
      reads: 'goroutine',
      stacks: `${QUEUED}\n${FINISH}; ${AS}/endpoints/handlers.ListResource 150`,
    },
    /ConcurrencyShares/,
    /mend that first/,
  ],
  [
    'far more handshakes than requests',
    {
      rule: 'apiserver.tls-handshakes',
      stacks: SHAKES,
      pages: { 'authentication_attempts{result="success"}': [0, 90] },
    },
    /connects and asks for nothing/,
    /connection for each request|goaway/,
  ],
  [
    'a handshake for each request',
    {
      rule: 'apiserver.tls-handshakes',
      stacks: SHAKES,
      pages: { 'authentication_attempts{result="success"}': [0, 6000] },
    },
    /connection for each request/,
    /connects and asks for nothing/,
  ],
  [
    'tokens that are found in the cache',
    {
      rule: 'apiserver.authn-token',
      stacks: VERIFIES,
      pages: {
        'authentication_token_cache_request_total{status="hit"}': [0, 9000],
        'authentication_token_cache_request_total{status="miss"}': [0, 90],
      },
    },
    /found in the cache/,
    /ever new tokens|credential-id/,
  ],
  [
    'tokens that are not',
    {
      rule: 'apiserver.authn-token',
      stacks: VERIFIES,
      pages: { 'authentication_token_cache_request_total{status="miss"}': [0, 9000] },
    },
    /ever new tokens.*credential-id/s,
    /found in the cache/,
  ],
  [
    'webhooks that answer at once',
    {
      rule: 'apiserver.webhook-admission.waiting',
      reads: 'goroutine',
      stacks: WEBHOOK,
      pages: answers('apiserver_admission_webhook_admission_duration_seconds', 90_000, 900),
    },
    /answer fast/,
    /answers late|Bound the wait|99th percentile|annotation/,
  ],
  [
    'webhooks that take seconds',
    {
      rule: 'apiserver.webhook-admission.waiting',
      reads: 'goroutine',
      stacks: WEBHOOK,
      pages: answers('apiserver_admission_webhook_admission_duration_seconds', 90, 270),
    },
    /answers late/,
    /answer fast|99th percentile/,
  ],
  [
    'definitions that are made',
    {
      rule: 'apiserver.openapi',
      stacks: BUILDS,
      pages: { [request('resource="customresourcedefinitions",verb="POST"')]: [0, 90] },
    },
    /objects of one kind in place of kinds/,
    /fight over one|APIService comes/,
  ],
  [
    'no definition that is written',
    {
      rule: 'apiserver.openapi',
      stacks: BUILDS,
      pages: { [request('resource="customresourcedefinitions",verb="PUT"')]: [9, 9] },
    },
    /APIService comes/,
    /fight over one|Who writes CRDs/,
  ],
  [
    'small events',
    {
      rule: 'apiserver.watch-dispatch',
      stacks: DELIVERS,
      pages: {
        'apiserver_watch_events_total{kind="Widget"}': [0, 9000],
        'apiserver_watch_events_sizes_sum{kind="Widget"}': [0, 900_000],
        'apiserver_watch_events_sizes_count{kind="Widget"}': [0, 9000],
      },
    },
    /Bytes of events encoded .*: Widget/,
    /metadata informers/,
  ],
  [
    'large events',
    {
      rule: 'apiserver.watch-dispatch',
      stacks: SENDS,
      pages: {
        'apiserver_watch_events_total{kind="Widget"}': [0, 9000],
        'apiserver_watch_events_sizes_sum{kind="Widget"}': [0, 90_000_000],
        'apiserver_watch_events_sizes_count{kind="Widget"}': [0, 9000],
      },
    },
    /metadata informers/,
    /^$/,
  ],
  [
    'large events that few are sent',
    {
      rule: 'apiserver.watch-dispatch',
      stacks: DELIVERS,
      pages: {
        'apiserver_watch_events_total{kind="Pod"}': [0, 9000],
        'apiserver_watch_events_sizes_sum{kind="Pod"}': [0, 90_000_000],
        'apiserver_watch_events_sizes_count{kind="Pod"}': [0, 9000],
      },
    },
    /selector of each watch/,
    /metadata informers/,
  ],
  [
    'collections that are deleted by a selector',
    { rule: 'apiserver.list-selective', stacks: DELETES, minor: 29 },
    /delete by these/,
    /an informer|spec\.nodeName|one is enough/,
  ],
  [
    'versions of another resource, while etcd is fast',
    {
      rule: 'apiserver.fresh-wait',
      reads: 'goroutine',
      stacks: `${AS}/storage/cacher.(*watchCache).waitUntilFreshAndBlock; sync.(*Cond).Wait 150`,
      pages: {
        ...answers('etcd_request_duration_seconds', 1000, 4),
        [request('code="504",resource="secrets",verb="GET"')]: [0, 600],
      },
    },
    /of another resource/,
    /look at etcd|How etcd answers/,
  ],
  [
    'more new connections than GOAWAY can make',
    {
      rule: 'apiserver.tls-handshakes',
      stacks: SHAKES,
      pages: { 'authentication_attempts{result="success"}': [0, 2000] },
    },
    /connection for each request/,
    /goaway/,
  ],
  [
    'watches that begin again on connections that are kept',
    {
      rule: 'apiserver.watch-init-events',
      stacks: BEGINS,
      pages: {
        'apiserver_longrunning_requests{resource="pods",verb="WATCH"}': [90, 90],
        [request('resource="pods",verb="WATCH"')]: [0, 900],
      },
    },
    /watches of their own/,
    /goaway|longrunning/,
  ],
  [
    'watches that begin again on new connections',
    {
      rule: 'apiserver.watch-init-events',
      stacks: `${BEGINS}\nnet/http.(*conn).serve; crypto/tls.(*Conn).serverHandshake 60`,
    },
    /goaway/,
    /^$/,
  ],
  [
    'writes that etcd answers at once',
    {
      rule: 'apiserver.etcd-wait',
      reads: 'goroutine',
      stacks: `${AS}/storage/etcd3.(*store).Create; go.etcd.io/etcd/client/v3.(*txn).Commit 150`,
      pages: answers('etcd_request_duration_seconds', 9000, 90),
      cpuSamples: 50,
    },
    /writers conflict/,
    /disk of etcd|Disk of etcd/,
  ],
  [
    'very many small updates',
    {
      rule: 'apiserver.managed-fields',
      stacks: UPDATES,
      pages: { [request('resource="widgets",verb="PUT"')]: [0, 9000] },
    },
    /compare before updating/,
    /objects are large|sum by \(resource, verb\)/,
  ],
  [
    'few updates of large objects',
    {
      rule: 'apiserver.managed-fields',
      stacks: UPDATES,
      pages: { [request('resource="widgets",verb="PUT"')]: [0, 90] },
    },
    /objects are large/,
    /^$/,
  ],
  [
    'refusals for conflicts',
    {
      rule: 'apiserver.encode-json',
      stacks: REFUSES,
      pages: { [request('code="409",verb="PUT"')]: [0, 900] },
    },
    /wait longer, or write less/,
    /may not have/,
  ],
  [
    'refusals for rights',
    {
      rule: 'apiserver.encode-json',
      stacks: REFUSES,
      pages: { [request('code="403",verb="GET"')]: [0, 900] },
    },
    /may not have/,
    /wait longer, or write less/,
  ],
  [
    'watches of single objects of another kind',
    {
      rule: 'apiserver.watchers',
      reads: 'goroutine',
      stacks: WATCHERS,
      pages: {
        'apiserver_longrunning_requests{resource="widgets",scope="resource",verb="WATCH"}': [
          6000, 6000,
        ],
      },
    },
    /watches of single objects/,
    /informer factory|spec\.nodeName|immutable/,
  ],
])('%s', (_, server, told, not) => {
  const said = saidTo(server)
  expect(said).toMatch(told)
  expect(said).not.toMatch(not)
})
