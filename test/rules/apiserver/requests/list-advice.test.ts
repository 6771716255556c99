import { expect, test } from 'vitest'
import { type Pages, type Server, saidTo } from '../../said-to-server.ts'

const AS = 'k8s.io/apiserver/pkg'
const READS = `${AS}/storage/etcd3.(*store).GetList; k8s.io/api/core/v1.(*Pod).Unmarshal 700`
const LISTS = `${AS}/endpoints/handlers.ListResource; ${READS}`
const DELETES = `${AS}/registry/generic/registry.(*Store).DeleteCollection; ${READS}`

const said = (stacks: string, pages: Pages) =>
  saidTo({ rule: 'apiserver.list-from-etcd', stacks, pages })

const dispatched = (schema: string): Pages => ({
  [`apiserver_flowcontrol_dispatched_requests_total{flow_schema="${schema}"}`]: [0, 900],
})

const events = (count: number): Pages => ({ apiserver_audit_event_total: [count, count] })

test('no FlowSchema bounds a client that is exempt', () => {
  expect(said(LISTS, dispatched('exempt'))).toMatch(/a user of its own/)
  expect(said(LISTS, dispatched('exempt'))).not.toMatch(/a FlowSchema of its own/)
  expect(said(LISTS, dispatched('global-default'))).toMatch(/a FlowSchema of its own/)
  expect(said(LISTS, dispatched('global-default'))).not.toMatch(/a user of its own/)
})

test('namespaces that end are the namespace controller’s work, which nobody changes', () => {
  const ends: Pages = { 'apiserver_request_total{verb="PUT",resource="namespaces"}': [0, 146] }
  expect(said(DELETES, ends)).toMatch(/the namespace controller deletes/)
  expect(said(DELETES, ends)).not.toMatch(/by the names that it knows|ResourceVersion: "0"/)
  expect(said(DELETES, {})).toMatch(/by the names that it knows/)
})

test('a step reads no audit log that holds nothing', () => {
  expect(said(DELETES, events(0))).not.toMatch(/audit\.log/)
  expect(said(DELETES, events(0)).match(/no audit events are recorded here/g)).toHaveLength(1)
  expect(said(DELETES, events(900))).toMatch(/audit\.log/)
})

const fetched = (resource: string, count: number): Pages => ({
  [`apiserver_storage_list_fetched_objects_total{resource="${resource}"}`]: [0, count],
})

test('who lists is asked of the resource that the metrics name, where no kind is seen', () => {
  const custom = `${AS}/endpoints/handlers.ListResource; ${AS}/storage/etcd3.(*store).GetList 700`
  const plans = fetched('plans.yard.example', 52_200)
  expect(said(custom, plans)).toMatch(/\.objectRef\.resource==.{2}plans/)
  expect(said(custom, { ...plans, ...fetched('pods', 50_000) })).not.toMatch(
    /objectRef.resource==.{2}/,
  )
})

const whole = (lists: number): Pages => ({
  ...fetched('plans.yard.example', 52_200),
  'apiserver_storage_list_returned_objects_total{resource="plans.yard.example"}': [0, 52_200],
  'apiserver_storage_list_total{resource="plans.yard.example"}': [0, lists],
})

test('a whole list is not told to be a part of one, for nothing that is counted says that a part is enough', () => {
  const table = `${AS}/endpoints/handlers.ListResource; ${AS}/endpoints/handlers.asTable 100`
  expect(said(LISTS, whole(20))).toMatch(/an informer for a client that polls/)
  expect(said(LISTS, whole(20))).not.toMatch(/Nothing is left out of these lists/)
  expect(said(LISTS, whole(300))).not.toMatch(/Nothing is left out of these lists/)
  expect(said(`${LISTS}\n${table}`, whole(20))).not.toMatch(/Nothing is left out of these lists/)
})

const lists = (seconds: number): Pages => ({
  'etcd_request_duration_seconds_sum{operation="list"}': [0, 10],
  'etcd_request_duration_seconds_count{operation="list"}': [0, 150],
  'apiserver_request_duration_seconds_sum{verb="LIST"}': [0, seconds],
  'apiserver_request_duration_seconds_count{verb="LIST"}': [0, 150],
})

test('slow lists are looked for where lists are slow, though etcd is not', () => {
  expect(said(LISTS, lists(685))).toMatch(/Lists that take 500 ms or longer/)
  expect(said(LISTS, lists(12))).not.toMatch(/Lists that take 500 ms or longer/)
})

const writes = (updates: number): Pages => ({
  'apiserver_request_total{verb="PATCH",code="200"}': [0, 2299],
  'etcd_request_duration_seconds_count{operation="update"}': [0, updates],
})

test('writes that etcd is asked for once each are in no conflict', () => {
  const waits = `${AS}/storage/etcd3.(*store).GuaranteedUpdate; go.etcd.io/etcd/client/v3.(*txn).Commit 75`
  const ofWaits = (pages: Pages) =>
    saidTo({
      rule: 'apiserver.etcd-wait',
      stacks: waits,
      reads: 'goroutine',
      pages,
      cpuSamples: 50,
    })
  expect(ofWaits(writes(2299))).not.toMatch(/write-conflicts/)
  expect(ofWaits(writes(4000))).toMatch(/write-conflicts/)
})

const ofFields = (stacks: string) => saidTo({ rule: 'apiserver.managed-fields', stacks })

test('an object of very many field managers is told of these, and of nothing else', () => {
  const converts = 'sigs.k8s.io/structured-merge-diff/v4/merge.(*Updater).'
  const apply = `${AS}/endpoints/handlers.(*applyPatcher).apply; ${converts}Apply`
  const many = ofFields(`${apply}; ${converts}reconcileManagedFieldsWithSchemaChanges 700`)
  expect(many).toMatch(/one field manager for all of them/)
  expect(many).not.toMatch(/fields that they need not own|objects are large/)
  expect(ofFields(`${apply} 700`)).toMatch(/fields that they need not own/)
  expect(ofFields(`${apply} 700`)).not.toMatch(/one field manager for all of them/)
})

const conflicts = (refused: number) =>
  saidTo({
    rule: 'apiserver.write-conflicts',
    stacks: `${AS}/storage/etcd3.(*store).GuaranteedUpdate; ${AS}/storage/etcd3.(*store).updateState 700`,
    pages: {
      'apiserver_request_total{verb="APPLY",code="200"}': [0, 31],
      'apiserver_request_total{verb="PATCH",code="409"}': [0, refused],
      'etcd_request_duration_seconds_count{operation="update"}': [0, 900],
    },
  })

test('no client waits longer after a conflict that none of them is told of', () => {
  expect(conflicts(0)).toMatch(/the server tries again by itself/)
  expect(conflicts(0)).not.toMatch(/retry\.RetryOnConflict/)
  expect(conflicts(100)).toMatch(/retry\.RetryOnConflict/)
})

test('custom resources that are read from etcd are told with the lists, and the core group has a name', () => {
  const decodes = `${AS}/storage/etcd3.(*store).GetList; k8s.io/apiextensions-apiserver/pkg/apiserver.schemaCoercingDecoder.Decode`
  const stacks = `${AS}/endpoints/handlers.ListResource; ${decodes}; k8s.io/apimachinery/pkg/apis/meta/v1/unstructured.unstructuredJSONScheme.Decode 700`
  expect(said(stacks, {})).toMatch(/custom resources, which are handled as maps: 100% of it/)
  const written = `k8s.io/apiextensions-apiserver/pkg/apiserver.schemaCoercingDecoder.Decode 700`
  const pages: Pages = {
    'apiserver_request_total{group="",verb="PATCH"}': [0, 60],
    'apiserver_watch_events_sizes_sum{kind="Plan"}': [0, 400_000],
    'apiserver_watch_events_sizes_count{kind="Plan"}': [0, 250],
  }
  const custom = saidTo({ rule: 'apiserver.crd-unstructured', stacks: written, pages })
  expect(custom).toMatch(/Requests by group: core 6/)
  expect(custom).not.toMatch(/Where they are large/)
})

const READ_HERE: Server = { rule: 'apiserver.list-from-etcd', stacks: LISTS }

test('who lists without a resourceVersion is looked for where that reads etcd', () => {
  const log = { apiserver_audit_event_total: [0, 0] } as const
  // One line of the log tells both.
  expect(saidTo({ ...READ_HERE, minor: 27, pages: log })).toMatch(
    /lists with no resourceVersion[^"]*; [^"]*Who pages/,
  )
  const consistent = { ...log, apiserver_watch_cache_consistent_read_total: [0, 900] } as const
  expect(saidTo({ ...READ_HERE, pages: consistent })).toMatch(/Who pages/)
  expect(saidTo({ ...READ_HERE, pages: consistent })).not.toMatch(/lists with no resourceVersion/)
})

test('an informer asks for no more than the lists that it replaces', () => {
  expect(said(LISTS, {})).toMatch(/an informer [^;]*with the selector of its lists/)
})

const capacity = (of: number): Pages => ({ 'watch_cache_capacity{resource="pods"}': [of, of] })

test('caches that are there are not told to be switched off', () => {
  expect(said(LISTS, capacity(100))).not.toMatch(/--watch-cache=false/)
  expect(said(LISTS, capacity(0))).toMatch(/--watch-cache=false/)
})

const upgrade = (stacks: string) => saidTo({ ...READ_HERE, stacks, minor: 29 })

test('deletions of collections neither page nor ask for an exact resourceVersion', () => {
  expect(upgrade(DELETES)).toMatch(/what to delete is looked for in the cache/)
  expect(upgrade(DELETES)).not.toMatch(/where clients page/)
  expect(upgrade(LISTS)).toMatch(/where clients page/)
})
