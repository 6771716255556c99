import { expect, test } from 'vitest'
import type { Server } from '../said-to-server.ts'
import { saidTo } from '../said-to-server.ts'

const AS = 'k8s.io/apiserver/pkg'
const PLAIN = `${AS}/endpoints/handlers.(*patcher).applyPatch; k8s.io/apimachinery/pkg/util/managedfields/internal.(*structuredMergeManager).Update`
const APPLY = `${AS}/endpoints/handlers.(*applyPatcher).applyPatchToCurrentObject; k8s.io/apimachinery/pkg/util/managedfields/internal.(*structuredMergeManager).Apply`
const CACHED = `${AS}/storage/etcd3.(*watchChan).transform`
const CONFIG = `${CACHED}; k8s.io/api/core/v1.(*ConfigMap).Unmarshal`
const POD = `${CACHED}; k8s.io/api/core/v1.(*Pod).Unmarshal`
const CUSTOM = `${CACHED}; k8s.io/apiextensions-apiserver/pkg/apiserver.schemaCoercingDecoder.Decode`
const RBAC = 'k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac.(*RBACAuthorizer).Authorize 300'
const REVIEWS = 'k8s.io/kubernetes/pkg/registry/authorization'
const PORTS =
  'k8s.io/kubernetes/pkg/registry/core/service/portallocator.(*PortAllocator).AllocateNext; k8s.io/kubernetes/pkg/registry/core/service/allocator/storage.(*Etcd).AllocateNext; sync.(*Mutex).Lock; sync.(*Mutex).lockSlow; sync.runtime_SemacquireMutex'
const WATCHES = `${AS}/storage/cacher.(*cacheWatcher).processInterval; ${AS}/storage/cacher.(*cacheWatcher).process; runtime.selectgo 6000`
const REPLAYS = `${AS}/storage/cacher.(*cacheWatcher).processInterval; ${AS}/storage/cacher.(*cacheWatcher).sendWatchCacheEvent 600`
const SENDS = `${AS}/endpoints/handlers.ListResource.func1; k8s.io/apimachinery/pkg/runtime/serializer/json.(*Serializer).Encode; golang.org/x/net/http2.(*serverConn).writeDataFromHandler; runtime.selectgo 40`
const BUILDS = 'k8s.io/kube-openapi/pkg/aggregator.MergeSpecs'

const requests = (verb: string, resource: string): string =>
  `apiserver_request_total{verb="${verb}",resource="${resource}",code="200"}`
const STORED = 'etcd_request_duration_seconds_count{operation="update",resource="pods"}'
const OPEN = (scope: string): string =>
  `apiserver_longrunning_requests{verb="WATCH",resource="pods",scope="${scope}"}`
const OVER = requests('WATCH', 'pods')

const writes = (stacks: string, verb: string, stored: number): Server => ({
  rule: 'apiserver.managed-fields',
  stacks: `${stacks} 300`,
  pages: { [requests(verb, 'pods')]: [0, 1000], [STORED]: [0, stored] },
})
const heap = (stacks: string): Server => ({
  rule: 'apiserver.watchcache-memory',
  reads: 'inuse_space',
  stacks,
})

test.each<[string, Server, RegExp, RegExp]>([
  [
    'writes that each change their object are not compared first',
    writes(PLAIN, 'PATCH', 1000),
    /write them together/,
    /compare before/,
  ],
  [
    'writes of which most change nothing are compared first',
    writes(PLAIN, 'PATCH', 400),
    /as most writes do here/,
    /write them together/,
  ],
  [
    'writes of which some change nothing may be either',
    writes(PLAIN, 'PATCH', 700),
    /write what has not changed/,
    /as most writes do here|Nearly each write/,
  ],
  [
    'applies that each change their object are not compared first',
    writes(APPLY, 'APPLY', 1000),
    /apply changes together/,
    /let them compare first/,
  ],
  [
    'applies of which most change nothing are compared first',
    writes(APPLY, 'APPLY', 10),
    /let them compare first/,
    /apply changes together/,
  ],
  [
    'a cache that holds pods most is told of pods first',
    heap(`${CONFIG} 300000000\n${POD} 500000000`),
    /Pods and Jobs are[^]*ConfigMaps and Secrets are/,
    /ConfigMaps and Secrets are[^]*Pods and Jobs are/,
  ],
  [
    'a cache that holds ConfigMaps most is told of these first',
    heap(`${CONFIG} 500000000\n${POD} 300000000`),
    /ConfigMaps and Secrets are[^]*Pods and Jobs are/,
    /Pods and Jobs are[^]*ConfigMaps and Secrets are/,
  ],
  [
    'a cache that holds custom resources is not told of a few pods',
    heap(`${CUSTOM} 600000000\n${POD} 100000000`),
    /Custom resources are/,
    /Pods and Jobs are/,
  ],
  [
    'a cache that holds pods is not told of a few ConfigMaps',
    heap(`${CONFIG} 100000000\n${POD} 600000000`),
    /Pods and Jobs are/,
    /ConfigMaps and Secrets are/,
  ],
  [
    'who asks for the rights of others cannot list all of them',
    {
      rule: 'apiserver.rbac',
      stacks: `${REVIEWS}/subjectaccessreview.(*REST).Create; ${RBAC}`,
    },
    /Reviews of the rights of others/,
    /one SelfSubjectRulesReview/,
  ],
  [
    'who asks for its own rights can list them',
    {
      rule: 'apiserver.rbac',
      stacks: `${REVIEWS}/selfsubjectaccessreview.(*REST).Create; ${RBAC}`,
    },
    /one SelfSubjectRulesReview/,
    /rights of others/,
  ],
  [
    'node ports that ten wait for, each a tenth of a second or more',
    {
      rule: 'apiserver.service-allocator',
      reads: 'goroutine',
      stacks: `${PORTS} 10`,
      pages: {
        'etcd_request_duration_seconds_sum{operation="update"}': [0, 20],
        'etcd_request_duration_seconds_count{operation="update"}': [0, 100],
      },
    },
    /type ClusterIP/,
    /headless/,
  ],
  [
    'watches of single namespaces are no agents of nodes',
    {
      rule: 'apiserver.watchers',
      reads: 'goroutine',
      stacks: WATCHES,
      pages: { [OPEN('namespace')]: [6000, 6000], [OPEN('cluster')]: [100, 100] },
    },
    /one watch of the cluster/,
    /node agents/,
  ],
  [
    'watches of the cluster may be of agents of nodes',
    {
      rule: 'apiserver.watchers',
      reads: 'goroutine',
      stacks: WATCHES,
      pages: { [OPEN('namespace')]: [100, 100], [OPEN('cluster')]: [6000, 6000] },
    },
    /node agents/,
    /one watch of the cluster/,
  ],
  [
    'watches that begin without a list of their own are of no informer of 1.35',
    {
      rule: 'apiserver.watch-init-events',
      stacks: REPLAYS,
      minor: 35,
      pages: { [OVER]: [0, 100], [OPEN('cluster')]: [20, 20] },
    },
    /start them at the resourceVersion of a list/,
    /informers are made again/,
  ],
  [
    'watches that begin with a list may be of informers made again',
    {
      rule: 'apiserver.watch-init-events',
      stacks: REPLAYS,
      minor: 35,
      pages: {
        [OVER]: [0, 100],
        [OPEN('cluster')]: [20, 20],
        apiserver_watch_list_duration_seconds_count: [0, 100],
      },
    },
    /informers are made again/,
    /start them at the resourceVersion of a list/,
  ],
  [
    'clients behind a slow link need less, and a copy near them',
    {
      rule: 'apiserver.slow-readers',
      reads: 'goroutine',
      stacks: SENDS,
      cpuSamples: 100,
      pages: { process_cpu_seconds_total: [0, 1] },
    },
    /label or field selector[^]*copy at the edge[^]*pages/,
    /pages[^]*copy at the edge/,
  ],
  [
    'an APIService that nothing writes does not come and go',
    {
      rule: 'apiserver.openapi',
      stacks: `${BUILDS} 300`,
      pages: { [requests('GET', 'pods')]: [0, 100] },
    },
    /OpenAPI/,
    /an APIService comes and goes/,
  ],
  [
    'an APIService that is written may come and go',
    {
      rule: 'apiserver.openapi',
      stacks: `${BUILDS} 300`,
      pages: { [requests('PUT', 'apiservices')]: [0, 10] },
    },
    /an APIService comes and goes/,
    /CRDs are created/,
  ],
])('%s', (_, server, says, not) => {
  const said = saidTo(server)
  expect(said).toMatch(says)
  expect(said).not.toMatch(not)
})

test('documents built once while nothing is written are no finding, those built for changes are', () => {
  const built = { rule: 'apiserver.openapi', stacks: `${BUILDS} 60` }
  const written = requests('PATCH', 'customresourcedefinitions')
  expect(saidTo({ ...built, pages: { [requests('GET', 'pods')]: [0, 100] } })).toBe('')
  expect(saidTo({ ...built, pages: { [written]: [0, 10] } })).toContain('info')
})
