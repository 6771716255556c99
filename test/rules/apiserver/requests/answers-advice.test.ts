import { expect, test } from 'vitest'
import { type Pages, saidTo } from '../../said-to-server.ts'

const AS = 'k8s.io/apiserver/pkg'
const ANSWERS = `${AS}/endpoints/handlers.ListResource; ${AS}/endpoints/handlers/responsewriters.SerializeObject`
const AS_JSON = `${ANSWERS}; k8s.io/apimachinery/pkg/runtime/serializer/json.(*Serializer).Encode 500`
const AS_PROTOBUF = `${ANSWERS}; k8s.io/apimachinery/pkg/runtime/serializer/protobuf.(*Serializer).Encode 500`
const METADATA = `${AS}/endpoints/handlers.asPartialObjectMetadataList; k8s.io/apimachinery/pkg/api/meta.AsPartialObjectMetadata 20`

/** What a rule says of stacks, in a profile of so many seconds. */
const saidOf =
  (rule: string, seconds = 10) =>
  (stacks: string) =>
    saidTo({ rule, stacks, seconds })

test('who asks for metadata alone is not told to', () => {
  for (const [rule, stacks] of [
    ['apiserver.encode-json', AS_JSON],
    ['apiserver.encode-protobuf', AS_PROTOBUF],
  ] as const) {
    expect(saidTo({ rule, stacks })).toMatch(/PartialObjectMetadata/)
    const ofMetadata = saidTo({ rule, stacks: `${stacks}\n${METADATA}` })
    expect(ofMetadata).toMatch(/an informer/)
    expect(ofMetadata).not.toMatch(/PartialObjectMetadata/)
  }
})

// They watch after they have listed; what polls watches nothing.
const asked = (watched: number): Pages => ({
  'apiserver_request_total{verb="LIST",scope="namespace",resource="secrets"}': [0, 900],
  'apiserver_request_total{verb="WATCH",scope="namespace",resource="secrets"}': [0, watched],
})

// Agents that start take the pods of the cluster.
const ofAll: Pages = {
  'apiserver_request_total{verb="LIST",scope="cluster",resource="pods"}': [0, 900],
}

test('lists of programs that start are told why they start', () => {
  const reads = `${AS}/storage/cacher.(*Cacher).GetList; ${AS}/storage/cacher.(*watchCache).WaitUntilFreshAndList 500`
  for (const [rule, stacks] of [
    ['apiserver.list-from-cache', reads],
    ['apiserver.encode-protobuf', AS_PROTOBUF],
  ] as const) {
    expect(saidTo({ rule, stacks, pages: asked(850) })).toMatch(/find why they start again/)
    expect(saidTo({ rule, stacks, pages: asked(850) })).not.toMatch(
      /If clients poll|Where a client lists again/,
    )
    expect(saidTo({ rule, stacks, pages: asked(9) })).not.toMatch(/find why they start again/)
    expect(saidTo({ rule, stacks, pages: asked(9) })).toMatch(
      /If clients poll|Where a client lists again/,
    )
    expect(saidTo({ rule, stacks, pages: ofAll })).not.toMatch(/why they start again/)
  }
  const selects = `${AS}/storage/cacher.(*Cacher).GetList; ${AS}/storage.(*SelectionPredicate).MatchesObjectAttributes 300`
  const polled = saidTo({ rule: 'apiserver.list-from-cache', stacks: `${reads}\n${selects}` })
  expect(polled).toMatch(/with the selector of its lists/)
  expect(polled).not.toMatch(/find why they start/)
})

test('what starts watches is told once', () => {
  const events = `${AS}/endpoints/handlers.(*WatchServer).HandleHTTP; k8s.io/apimachinery/pkg/runtime/serializer/json.(*Serializer).Encode 500`
  const starts = (count: number) =>
    `${events}\n${AS}/storage/cacher.(*cacheWatcher).processInterval; ${AS}/storage/cacher.(*cacheWatcher).sendWatchCacheEvent ${count}`
  const said = (count: number) => saidTo({ rule: 'apiserver.encode-json', stacks: starts(count) })
  expect(said(400)).toMatch(/see first what starts those watches \(apiserver\.watch-init-events\)/)
  expect(said(400)).not.toMatch(/start them at that of a list/)
  expect(said(20)).toMatch(/start them at that of a list/)
  expect(said(20)).not.toMatch(/see first what starts/)
})

const SELECTS = `${AS}/storage/cacher.(*Cacher).GetList; ${AS}/storage.(*SelectionPredicate).MatchesObjectAttributes; k8s.io/apimachinery/pkg/labels.(*Requirement).Matches`

test('a selector of many values is told of a label for what belongs together', () => {
  const said = saidOf('apiserver.list-filter-waste')
  const compares = `${SELECTS}; k8s.io/apimachinery/pkg/labels.(*Requirement).hasValue`
  expect(said(`${SELECTS} 300\n${compares} 200`)).toMatch(/a label of its own/)
  expect(said(`${SELECTS} 450\n${compares} 50`)).not.toMatch(/a label of its own/)
})

const DECODES = `${AS}/endpoints/handlers.createHandler.func1; k8s.io/apimachinery/pkg/runtime/serializer/json.(*Serializer).Decode 500`
const posts = (resource: string, dryRun = ''): Pages => ({
  [`apiserver_request_total{verb="POST",resource="${resource}",dry_run="${dryRun}"}`]: [0, 1800],
})
const saidOfBodies = (pages: Pages) =>
  saidTo({ rule: 'apiserver.decode-json-body', stacks: DECODES, pages })

test('creations are told to be reviews or tokens where they may be', () => {
  expect(saidOfBodies(posts('subjectaccessreviews'))).toMatch(/reviews or tokens/)
  expect(saidOfBodies({})).toMatch(/reviews or tokens/)
  expect(saidOfBodies(posts('configmaps'))).toMatch(/find what is created so often/)
  expect(saidOfBodies(posts('configmaps'))).not.toMatch(/reviews or tokens/)
})

test('writes that are trials are told so', () => {
  expect(saidOfBodies(posts('configmaps', 'All'))).toMatch(/trials \(dry run: evidence\)/)
  expect(saidOfBodies(posts('configmaps', 'All'))).not.toMatch(/find what is created so often/)
  expect(saidOfBodies(posts('configmaps'))).not.toMatch(/Most of these writes are trials/)
})

test('few seats of all levels are told first, as the page shows them', () => {
  const stacks = `${AS}/util/flowcontrol/fairqueuing/queueset.(*request).wait; runtime.selectgo 150`
  const said = (seats: number) =>
    saidTo({
      rule: 'apiserver.apf-queue',
      stacks,
      reads: 'goroutine',
      pages: { apiserver_flowcontrol_nominal_limit_seats: [seats, seats] },
    })
  expect(said(9)).toMatch(/fewer seats than by default[^]*Find the flow/)
  expect(said(604)).not.toMatch(/fewer seats than by default/)
})

test('documents of discovery that nobody builds anew are not told to be', () => {
  const said = saidOf('apiserver.discovery')
  const serves = `${AS}/endpoints/discovery.(*APIVersionHandler).ServeHTTP`
  expect(said(`${serves} 500`)).not.toMatch(/building them anew: |0% of it/)
  expect(said('k8s.io/kube-aggregator/pkg/apiserver.(*discoveryManager).Run 500')).toMatch(
    /building them anew: 100% of it/,
  )
})

test('custom resources that are listed from etcd are the list’s incident', () => {
  const serves = 'k8s.io/apiextensions-apiserver/pkg/apiserver.(*crdHandler).ServeHTTP'
  const maps = 'k8s.io/apimachinery/pkg/apis/meta/v1/unstructured.unstructuredJSONScheme.Decode 900'
  const said = saidOf('apiserver.crd-unstructured', 4)
  const fromEtcd = `${serves}; ${AS}/storage/etcd3.(*store).GetList; k8s.io/apiextensions-apiserver/pkg/apiserver.schemaCoercingDecoder.Decode; ${maps}`
  expect(said(`${serves}; ${maps}`)).toMatch(/^critical/)
  expect(said(fromEtcd)).not.toMatch(/^critical/)
})

test('a conversion webhook is not told to be the server of an APIService', () => {
  const passes = 'k8s.io/kube-aggregator/pkg/apiserver.(*proxyHandler).ServeHTTP'
  const asks = 'net/http.(*persistConn).roundTrip 250'
  const said = (between: string) =>
    saidTo({
      rule: 'runtime.http-requests-wait',
      stacks: `${passes}; ${between}; ${asks}`,
      reads: 'goroutine',
    })
  expect(said('net/http/httputil.(*ReverseProxy).ServeHTTP')).toMatch(/APIService/)
  expect(
    said('k8s.io/apiextensions-apiserver/pkg/apiserver/conversion.(*webhookConverter).Convert'),
  ).not.toMatch(/APIService/)
})

test('a read before a write is decrypted, and comes from no cache', () => {
  const decrypts = `${AS}/storage/etcd3.(*store).Get; ${AS}/storage/value/encrypt/aes.(*gcm).TransformFromStorage 500`
  const said = (caller: string) =>
    saidTo({ rule: 'apiserver.encryption-at-rest', stacks: `${caller}; ${decrypts}` })
  expect(said(`${AS}/endpoints/handlers.getResourceHandler.func1`)).toMatch(/GETs with resource/)
  expect(said(`${AS}/registry/generic/registry.(*Store).Delete`)).not.toMatch(/GETs with resource/)
  expect(said(`${AS}/registry/generic/registry.(*Store).Delete`)).toMatch(/written more often/)
})
