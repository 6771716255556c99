import { expect, test } from 'vitest'
import { type Pages, saidTo } from '../../said-to-server.ts'

const AS = 'k8s.io/apiserver/pkg'
const READS = `${AS}/storage/etcd3.(*store).GetList; k8s.io/api/core/v1.(*Pod).Unmarshal 700`
const LISTS = `${AS}/endpoints/handlers.ListResource; ${READS}`

const fromEtcd = (pages: Pages, minor = 33, stacks = LISTS) =>
  saidTo({ rule: 'apiserver.list-from-etcd', stacks, pages, minor })

const seats: Pages = {
  'apiserver_flowcontrol_dispatched_requests_total{flow_schema="global-default"}': [0, 900],
}
const caches = (size: number): Pages => ({
  ...seats,
  'watch_cache_capacity{resource="pods"}': [size, size],
})

test('a server without a watch cache is told to have one, and no client to ask it', () => {
  expect(fromEtcd(seats)).toMatch(/without a|has no watch cache of any kind/)
  expect(fromEtcd(caches(100))).not.toMatch(/has no watch cache of any kind/)
  expect(fromEtcd(caches(100))).toMatch(/ResourceVersion: "0"/)
  expect(fromEtcd({})).not.toMatch(/has no watch cache of any kind/)
})

test('an upgrade over many versions is no remedy of today', () => {
  expect(fromEtcd(caches(100), 30)).toMatch(/upgrade to Kubernetes 1\.31/)
  expect(fromEtcd(caches(100), 24)).not.toMatch(/upgrade to Kubernetes/)
})

test('who pages is looked for where the cache answers plain lists', () => {
  const answered: Pages = {
    ...caches(100),
    'apiserver_watch_cache_consistent_read_total{fallback="false"}': [0, 40],
    'apiserver_storage_list_fetched_objects_total{resource="pods"}': [0, 9000],
  }
  const never: Pages = {
    ...caches(100),
    'apiserver_storage_list_fetched_objects_total{resource="pods"}': [0, 9000],
  }
  expect(fromEtcd(answered)).toMatch(/upgrade to Kubernetes 1\.34/)
  expect(fromEtcd(never)).not.toMatch(/upgrade to Kubernetes 1\.34/)
  expect(fromEtcd(never)).toMatch(/see to it that etcd is 3\.4\.31/)
})

test('screens that ask for tables watch them', () => {
  const tables = `${LISTS}\n${AS}/endpoints/handlers.ListResource; ${AS}/endpoints/handlers.asTable 100`
  expect(fromEtcd(caches(100), 30, tables)).toMatch(/kubectl get --watch/)
  expect(fromEtcd(caches(100), 30)).not.toMatch(/kubectl get --watch/)
})

const selected = (lists: number, returned: number): Pages => ({
  'apiserver_request_total{verb="LIST",resource="pods",scope="cluster"}': [0, lists],
  'apiserver_storage_list_total{resource="pods"}': [0, lists],
  'apiserver_storage_list_returned_objects_total{resource="pods"}': [0, returned],
})

const selective = (pages: Pages) =>
  saidTo({ rule: 'apiserver.list-selective', stacks: READS, pages })

test('what reads etcd has no index by node, and only what finds one object looks for a name', () => {
  expect(selective(selected(100, 900))).not.toMatch(/spec\.nodeName|metadata\.name|one is enough/)
  expect(selective(selected(100, 0))).not.toMatch(/metadata\.name/)
  expect(selective(selected(100, 100))).toMatch(/metadata\.name/)
})

const NODES: Pages = {
  'apiserver_request_total{verb="LIST",resource="nodes",scope="cluster"}': [0, 900],
}
const JOBS: Pages = {
  'apiserver_request_total{verb="LIST",resource="jobs",scope="cluster"}': [0, 900],
}

test('what belongs to no namespace is not listed in one', () => {
  const stacks = `${AS}/storage/cacher.(*Cacher).GetList; ${AS}/storage.(*SelectionPredicate).MatchesObjectAttributes 300`
  const waste = (pages: Pages) => saidTo({ rule: 'apiserver.list-filter-waste', stacks, pages })
  expect(waste(NODES)).not.toMatch(/one is enough/)
  expect(waste(JOBS)).toMatch(/one is enough/)
})

const watchCache = (type: string, bytes: number) =>
  `k8s.io/client-go/tools/cache.(*Reflector).ListAndWatch; ${AS}/storage/etcd3.(*store).GetList; ${type} ${bytes}`

test('the largest kind of a watch cache comes first', () => {
  const MIB = 1 << 20
  const custom = 'k8s.io/apimachinery/pkg/apis/meta/v1/unstructured.unstructuredJSONScheme.Decode'
  const configMap = 'k8s.io/api/core/v1.(*ConfigMap).Unmarshal'
  const holds = (ofCustom: number, ofDocuments: number) =>
    saidTo({
      rule: 'apiserver.watchcache-memory',
      reads: 'inuse_space',
      stacks: `${watchCache(custom, ofCustom * MIB)}\n${watchCache(configMap, ofDocuments * MIB)}`,
    })
  expect(holds(300, 500)).toMatch(/ConfigMaps and Secrets are[^]*Custom resources are/)
  expect(holds(500, 300)).toMatch(/Custom resources are[^]*ConfigMaps and Secrets are/)
  expect(holds(500, 300)).not.toMatch(/it is what the cluster holds/)
})

test('single objects that go out are read or written, as the counts of requests say', () => {
  const stacks = `${AS}/endpoints/handlers/responsewriters.SerializeObject; k8s.io/apimachinery/pkg/runtime/serializer/protobuf.(*Serializer).Encode 500`
  const encoded = (gets: number, puts: number) =>
    saidTo({
      rule: 'apiserver.encode-protobuf',
      stacks,
      pages: {
        'apiserver_request_total{verb="GET",resource="secrets"}': [0, gets],
        'apiserver_request_total{verb="PUT",resource="secrets"}': [0, puts],
      },
    })
  expect(encoded(900, 100)).toMatch(/single objects that are read/)
  expect(encoded(900, 100)).not.toMatch(/answers to writes|where they are written/)
  expect(encoded(100, 900)).toMatch(/answers to writes/)
  expect(encoded(100, 900)).not.toMatch(/an informer/)
  expect(encoded(500, 500)).toMatch(/read them from an informer; where they are written/)
})
