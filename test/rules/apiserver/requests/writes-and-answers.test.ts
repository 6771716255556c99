import { expect, test } from 'vitest'
import { type Pages, saidTo } from '../../said-to-server.ts'

const AS = 'k8s.io/apiserver/pkg'
const JSON_ANSWER = `${AS}/endpoints/handlers/responsewriters.SerializeObject; k8s.io/apimachinery/pkg/runtime/serializer/json.(*Serializer).Encode`
const CREATED = `${AS}/endpoints/handlers.createHandler.func1; ${JSON_ANSWER} 400`
const UPDATED = `${AS}/endpoints/handlers.UpdateResource.func1; ${JSON_ANSWER} 400`

const asked = (verb: string, resource: string, count: number, more = ''): Pages => ({
  [`apiserver_request_total{verb="${verb}",resource="${resource}",code="200"${more}}`]: [0, count],
})
const stored = (count: number): Pages => ({
  'etcd_request_duration_seconds_count{operation="update"}': [0, count],
})
const ofAnswers = (stacks: string, pages: Pages) =>
  saidTo({ rule: 'apiserver.encode-json', stacks, pages })

test('reviews are told apart from objects that are created', () => {
  const reviews = ofAnswers(CREATED, asked('POST', 'selfsubjectrulesreviews', 900))
  expect(reviews).toMatch(/keep the answer for a while[^]*protobuf/)
  const objects = ofAnswers(CREATED, {
    ...asked('POST', 'selfsubjectrulesreviews', 10),
    ...asked('POST', 'pods', 900),
  })
  expect(objects).toMatch(/protobuf[^]*create fewer/)
  expect(objects).not.toMatch(/keep the answer/)
})

test('who updates is told to compare first unless each update changes something', () => {
  const leases = ofAnswers(UPDATED, asked('PUT', 'leases', 900))
  expect(leases).toMatch(/longer RetryPeriod/)
  expect(leases).not.toMatch(/has not changed/)
  const changes = ofAnswers(UPDATED, { ...asked('PUT', 'pods', 900), ...stored(900) })
  expect(changes).toMatch(/write them together/)
  expect(changes).not.toMatch(/has not changed/)
  const same = ofAnswers(UPDATED, { ...asked('PUT', 'pods', 900), ...stored(100) })
  expect(same).toMatch(/has not changed/)
})

const SQUEEZED = `${AS}/endpoints/handlers.ListResource.func1; ${AS}/endpoints/handlers/responsewriters.(*deferredResponseWriter).Write; compress/gzip.(*Writer).Write; compress/flate.(*compressor).encSpeed 400`
const ofGzip = (lists: number) =>
  saidTo({ rule: 'apiserver.gzip', stacks: SQUEEZED, pages: asked('LIST', 'pods', lists) })

test('lists that are asked for each second are to be fewer before they go out without gzip', () => {
  expect(ofGzip(100)).toMatch(/keeps a watch[^]*DisableCompression/)
  expect(ofGzip(100)).not.toMatch(/APIResponseCompression/)
  expect(ofGzip(2)).not.toMatch(/keeps a watch/)
  expect(ofGzip(2)).toMatch(/APIResponseCompression/)
})

const FIELDS = `${AS}/endpoints/handlers.(*patcher).applyPatch; k8s.io/apimachinery/pkg/util/managedfields/internal.(*structuredMergeManager).Update 300`
const APPLIED = `${AS}/endpoints/handlers.(*applyPatcher).applyPatchToCurrentObject; k8s.io/apimachinery/pkg/util/managedfields/internal.(*structuredMergeManager).Apply 300`
const ofFields = (stacks: string, pages: Pages) =>
  saidTo({ rule: 'apiserver.managed-fields', stacks, pages })

test('writes that are tried alone are not said to change nothing', () => {
  const tried = ofFields(FIELDS, {
    ...asked('PATCH', 'deployments', 900, ',dry_run="All"'),
    ...stored(0),
  })
  expect(tried).toMatch(/dry runs/)
  expect(tried).not.toMatch(/compare before/)
  const kept = ofFields(FIELDS, {
    ...asked('PATCH', 'deployments', 900),
    ...asked('PATCH', 'deployments', 10, ',dry_run="All"'),
    ...stored(350),
  })
  expect(kept).toMatch(/compare before/)
  expect(kept).not.toMatch(/dry runs, /)
})

test('ConfigMaps that change with each apply are not compared first', () => {
  const changed = ofFields(APPLIED, { ...asked('APPLY', 'configmaps', 900), ...stored(900) })
  expect(changed).toMatch(/apply changes together/)
  expect(changed).not.toMatch(/let them compare first/)
  const same = ofFields(APPLIED, { ...asked('APPLY', 'configmaps', 900), ...stored(3) })
  expect(same).toMatch(/let them compare first/)
})

test('keys are to be fewer only where an apply costs much', () => {
  expect(ofFields(APPLIED, asked('APPLY', 'configmaps', 20))).toMatch(/very many keys/)
  expect(ofFields(APPLIED, asked('APPLY', 'configmaps', 90_000))).not.toMatch(/very many keys/)
})

const UPDATES = `${AS}/storage/etcd3.(*store).GuaranteedUpdate; ${AS}/storage/etcd3.(*store).updateState 500`
const refused = (resource: string): Pages => ({
  [`apiserver_request_total{verb="PUT",resource="${resource}",code="409"}`]: [0, 900],
  [`apiserver_request_total{verb="PUT",resource="${resource}",code="200"}`]: [0, 50],
  [`apiserver_request_total{verb="GET",resource="${resource}",code="200"}`]: [0, 900],
})
const ofConflicts = (resource: string, minor: number) =>
  saidTo({ rule: 'apiserver.write-conflicts', stacks: UPDATES, minor, pages: refused(resource) })

test('a lock is no entry of a list that many write', () => {
  expect(ofConflicts('endpoints', 24)).toMatch(/leaderelection/)
  expect(ofConflicts('endpoints', 24)).not.toMatch(/an entry of its own/)
  expect(ofConflicts('configmaps', 24)).toMatch(/leaderelection/)
  expect(ofConflicts('configmaps', 32)).toMatch(/an entry of its own/)
  expect(ofConflicts('configmaps', 32)).not.toMatch(/leaderelection/)
})

test('tries that etcd is asked for each change something', () => {
  const said = saidTo({
    rule: 'apiserver.write-conflicts',
    stacks: UPDATES,
    pages: { ...asked('PATCH', 'configmaps', 100), ...stored(2500) },
  })
  expect(said).toMatch(/gather several changes/)
  expect(said).not.toMatch(/compare before writing/)
})

const EVENTS = `${AS}/endpoints/handlers.(*WatchServer).HandleHTTP; k8s.io/api/core/v1.(*Event).MarshalToSizedBuffer 400`
const ofEvents = (pages: Pages) => saidTo({ rule: 'apiserver.event-flood', stacks: EVENTS, pages })

test('Events that are sent to many watches are written, too', () => {
  const written = ofEvents(asked('POST', 'events', 900))
  expect(written).toMatch(/Find who writes them[^]*Sending them to those who watch/)
  expect(written).not.toMatch(/They are read, not written/)
  expect(ofEvents(asked('LIST', 'events', 900))).toMatch(/They are read, not written/)
})

const DOCUMENTS = 'k8s.io/apiextensions-apiserver/pkg/apiserver.(*DiscoveryController).sync 300'
const ofDiscovery = (pages: Pages) =>
  saidTo({ rule: 'apiserver.discovery', stacks: DOCUMENTS, pages })

test('definitions that change are named before an APIService that may come and go', () => {
  const crds = 'customresourcedefinitions'
  expect(ofDiscovery(asked('PUT', crds, 30))).toMatch(/Definitions change meanwhile/)
  expect(ofDiscovery(asked('PUT', crds, 30))).not.toMatch(/APIService is not Available/)
  expect(ofDiscovery(asked('PUT', crds, 0))).toMatch(/APIService is not Available/)
})

const CRD = 'k8s.io/apiextensions-apiserver/pkg/apiserver.(*crdHandler).ServeHTTP'
const CACHER = `${AS}/storage/cacher.(*cacheWatcher)`
const WATCHED = `${CRD}; ${AS}/endpoints/handlers.(*WatchServer).HandleHTTP; encoding/json.Marshal 300`
const KEPT = `${AS}/storage/etcd3.(*watchChan).transform; k8s.io/apiextensions-apiserver/pkg/apiserver.schemaCoercingDecoder.Decode 300`
const WRITTEN = `${AS}/endpoints/handlers.UpdateResource.func1; k8s.io/apiextensions-apiserver/pkg/apiserver.schemaCoercingDecoder.Decode 60`
const ofCustom = (stacks: string) => saidTo({ rule: 'apiserver.crd-unstructured', stacks })

test('watches of custom resources that begin are told apart from those that are sent changes', () => {
  const begun = ofCustom(`${WATCHED}\n${CACHER}.processInterval; ${CACHER}.sendWatchCacheEvent 3`)
  expect(begun).toMatch(/keep them open/)
  expect(begun).not.toMatch(/fewer changes/)
  const changed = ofCustom(`${WATCHED}\n${AS}/storage/cacher.(*Cacher).dispatchEvents 3`)
  expect(changed).toMatch(/fewer changes/)
  expect(changed).not.toMatch(/keep them open/)
  expect(ofCustom(WATCHED)).toMatch(/Where these are events of changes/)
})

test('custom resources that nobody writes here may be those of a start', () => {
  expect(ofCustom(KEPT)).toMatch(/keep documents out[^]*has just started/)
  expect(ofCustom(`${KEPT}\n${WRITTEN}`)).not.toMatch(/has just started/)
})
