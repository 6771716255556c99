import { expect, test } from 'vitest'
import { type Pages, saidTo } from '../../said-to-server.ts'

const AS = 'k8s.io/apiserver/pkg'

/** Whether all of these texts are said, and in this order. */
const inOrder = (said: string, ...texts: readonly string[]) => {
  let place = 0
  return texts.every((text) => {
    place = said.indexOf(text, place)
    return place >= 0
  })
}

const LOGS = `${AS}/endpoints/filters.processAuditEvent; k8s.io/apiserver/plugin/pkg/audit/log.(*backend).ProcessEvents; k8s.io/apiserver/plugin/pkg/audit/log.(*backend).logEvent; fmt.Fprint`
const ofLog = (stacks: string) =>
  saidTo({ rule: 'apiserver.audit.waiting', reads: 'goroutine', stacks })

test('an audit log on standard output is to be a file, or to be read faster, and has no disk', () => {
  const said = ofLog(
    `${LOGS}; os.(*File).Write; internal/poll.(*FD).writeLock; runtime.gopark 46\n${LOGS}; os.(*File).Write; internal/poll.(*FD).Write; syscall.write 1`,
  )
  expect(inOrder(said, '--audit-log-path=FILE', '--audit-log-mode=batch', 'level None')).toBe(true)
  expect(said).not.toMatch(/disk|iostat/)
})

test('an audit log that goes to a file may wait for its disk', () => {
  const rotated = `${LOGS}; gopkg.in/natefinch/lumberjack%2ev2.(*Logger).Write`
  for (const library of [rotated, rotated.replace('%2e', '.')]) {
    const said = ofLog(`${library}; sync.(*Mutex).Lock 40\n${library}; os.(*File).Write 1`)
    expect(said).toMatch(/log's disk is slow[^]*iostat/)
    expect(said).not.toMatch(/standard output/)
  }
})

test('an audit log that goes to a named pipe is told of its reader first', () => {
  const said = ofLog(
    `${LOGS}; gopkg.in/natefinch/lumberjack.v2.(*Logger).Write; os.(*File).Write; internal/poll.(*FD).Write; internal/poll.(*pollDesc).waitWrite 40`,
  )
  expect(inOrder(said, 'goes to a pipe', 'level None')).toBe(true)
  expect(said).not.toMatch(/disk|standard output/)
})

const KMS = `${AS}/storage/value/encrypt/envelope`
const CALLS = 'google.golang.org/grpc.(*ClientConn).Invoke 30'
const CREATES = `${AS}/storage/etcd3.(*store).Create; ${KMS}.(*envelopeTransformer).TransformToStorage; ${KMS}.(*gRPCService).Encrypt; ${CALLS}`
const READS = `${AS}/storage/etcd3.(*store).Get; ${KMS}.(*envelopeTransformer).TransformFromStorage; ${KMS}.(*gRPCService).Decrypt; ${CALLS}`

/** Of a thousand objects each way, how many seconds each way took. */
const transformed = (read: number, written: number): Pages => ({
  ...oneWay('from_storage', read),
  ...oneWay('to_storage', written),
})

function oneWay(type: string, seconds: number): Pages {
  const name = 'apiserver_storage_transformation'
  const labels = `{transformation_type="${type}"}`
  return {
    [`${name}_duration_seconds_sum${labels}`]: [0, seconds],
    [`${name}_duration_seconds_count${labels}`]: [0, 1000],
    [`${name}_operations_total${labels}`]: [0, 1000],
  }
}

const ofKeys = (stacks: string, pages: Pages) =>
  saidTo({ rule: 'apiserver.kms.waiting', reads: 'goroutine', stacks, pages })

test('writes that wait for new keys are not told of the cache for what is read', () => {
  const said = ofKeys(CREATES, transformed(0.01, 700))
  expect(said).toMatch(/^warning[^]*to encrypt[^]*Average time to encrypt one object: .*700 ms/)
  expect(inOrder(said, 'apiVersion: v2', 'why the plugin answers late')).toBe(true)
  expect(said).not.toMatch(/cachesize|to decrypt|Average time to decrypt|A list asks/)
})

test('reads that wait for keys are told of the cache, and how long they take', () => {
  const said = ofKeys(READS, transformed(700, 0.01))
  expect(said).toMatch(/^warning[^]*Average time to decrypt one object: .*700 ms[^]*cachesize/)
  expect(said).not.toMatch(/Average time to encrypt one/)
  expect(ofKeys(READS, transformed(0.01, 700))).not.toMatch(/cachesize/)
})

const SENDS = `${AS}/endpoints/handlers.(*WatchServer).HandleHTTP; ${AS}/endpoints/handlers.(*watchEncoder).Encode 200`
/** So many watches of all pods, of which each is sent so many of the 250 changes, on so many Nodes. */
const followed = (watches: number, share: number, nodes: Pages): Pages => ({
  ...nodes,
  'apiserver_watch_events_total{kind="Pod"}': [0, watches * 250 * share],
  'apiserver_watch_cache_events_received_total{resource="pods"}': [0, 250],
  'apiserver_longrunning_requests{verb="WATCH",resource="pods",scope="cluster"}': [
    watches,
    watches,
  ],
})
const STORED = 'apiserver_storage_objects{resource="nodes"}'
const COUNTED = 'apiserver_resource_objects{group="",resource="nodes"}'
/** At 0.05 cores. */
const ofEvents = (pages: Pages) =>
  saidTo({ rule: 'apiserver.watch-dispatch', stacks: SENDS, seconds: 40, pages })

test('as many watches of all pods as there are Nodes are to be of their own Node', () => {
  const agents = [
    { [STORED]: [100, 100] },
    { [COUNTED]: [100, 100] },
    { [STORED]: [100, 100], [COUNTED]: [100, 100] },
  ] as const
  for (const nodes of agents) {
    const said = ofEvents(followed(150, 1, nodes))
    expect(said).toMatch(
      /^info[^]*Nodes: 100[^]*About as many watches[^]*fieldSelector spec\.nodeName/,
    )
    expect(said.match(/spec\.nodeName/g)).toHaveLength(1)
    expect(said.match(/Nodes: 100/g)).toHaveLength(1)
  }
})

test('fewer watches than Nodes, or such as are sent a part, are no agents that watch all', () => {
  expect(ofEvents(followed(200, 1, { [STORED]: [300, 300] }))).toBe('')
  expect(ofEvents(followed(5, 1, { [STORED]: [3, 3] }))).toBe('')
  expect(ofEvents(followed(150, 1, {}))).toBe('')
  expect(ofEvents(followed(100, 0.01, { [STORED]: [100, 100] }))).not.toMatch(
    /About as many watches/,
  )
})

const SQUEEZES = `${AS}/endpoints/handlers/responsewriters.(*deferredResponseWriter).Write; compress/gzip.(*Writer).Write; compress/flate.(*compressor).encSpeed`
const ofGzip = (dense: number) =>
  saidTo({
    rule: 'apiserver.gzip',
    stacks: `${SQUEEZES}; compress/flate.(*huffmanBitWriter).writeBlockHuff ${dense}\n${SQUEEZES}; compress/flate.(*deflateFast).encode ${400 - dense}`,
    pages: { 'apiserver_response_sizes_sum{resource="secrets"}': [0, 160_000_000] },
  })

test('what shrinks little is not said to grow twentyfold', () => {
  expect(ofGzip(300)).toMatch(
    /shrinks little[^]*DisableCompression[^]*APIResponseCompression=false/,
  )
  expect(ofGzip(300)).not.toMatch(/twenty|1 Gbit/)
  expect(ofGzip(40)).toMatch(/DisableCompression[^]*twenty[^]*1 Gbit/)
  expect(ofGzip(40)).not.toMatch(/shrinks little/)
})

const starved = (latency: number) =>
  saidTo({
    rule: 'runtime.cpu-starved',
    stacks: 'net/http.(*conn).serve 100',
    pages: {
      go_cpu_classes_total_cpu_seconds_total: [0, 20],
      go_cpu_classes_idle_cpu_seconds_total: [0, 1],
      process_cpu_seconds_total: [0, 4],
      go_sched_gomaxprocs_threads: [2, 2],
      go_sched_latencies_seconds_sum: [0, latency * 1000],
      go_sched_latencies_seconds_count: [0, 1000],
    },
  })

test('goroutines are said to wait for a processor where they do', () => {
  expect(starved(0.004)).toMatch(/^info[^]*ready to run, and wait/)
  expect(starved(0.000_03)).toMatch(/^info/)
  expect(starved(0.000_03)).not.toMatch(/ready to run/)
})

const POLICY = `${AS}/admission/plugin/policy/validating.(*validator).Validate`
const FOLD = 'github.com/google/cel-go/interpreter.(*evalFold).Eval'
const CHECKED =
  'apiserver_admission_controller_admission_duration_seconds_count{name="ValidatingAdmissionPolicy",operation="CREATE"}'
const ofPolicies = (stacks: string, pages: Pages = {}) =>
  saidTo({ rule: 'apiserver.cel', stacks: `${POLICY}; ${stacks} 300`, pages })

test('walks within walks come first', () => {
  const nested = ofPolicies(`${FOLD}; ${FOLD}`)
  expect(inOrder(nested, 'walk within a walk', 'matchConstraints')).toBe(true)
  expect(nested).not.toMatch(/walk each list once/)
  expect(nested).toContain('Expressions of policies that walk lists')
  expect(ofPolicies(FOLD)).not.toMatch(/within a walk|Expressions of policies that walk/)
  expect(ofPolicies(FOLD)).toMatch(/walk each list once/)
})

const creations = (kind: string, count: number): Pages => ({
  [`apiserver_request_total{verb="POST",resource="${kind}"}`]: [0, count],
})

test('policies that see creations of one kind alone have nothing to leave out', () => {
  const ofPods: Pages = { [CHECKED]: [0, 450], ...creations('pods', 450) }
  expect(ofPolicies(FOLD, ofPods)).not.toMatch(/narrow their matchConstraints/)
  const ofEventsToo = { ...ofPods, [CHECKED]: [0, 850], ...creations('events', 400) } as const
  expect(ofPolicies(FOLD, ofEventsToo)).toMatch(/narrow their matchConstraints/)
  const renewed: Pages = { 'apiserver_request_total{verb="PUT",resource="leases"}': [0, 200] }
  expect(ofPolicies(FOLD, { ...ofPods, [CHECKED]: [0, 650], ...renewed })).toMatch(
    /narrow their matchConstraints/,
  )
  expect(ofPolicies(FOLD)).toMatch(/narrow their matchConstraints/)
})

const SELECTS = `${AS}/storage/cacher.(*Cacher).GetList; ${AS}/storage.(*SelectionPredicate).MatchesObjectAttributes 300`
const ofLists = (resource: string, returned: number) =>
  saidTo({
    rule: 'apiserver.list-filter-waste',
    stacks: SELECTS,
    pages: {
      apiserver_cache_list_total: [0, 1000],
      apiserver_cache_list_returned_objects_total: [0, returned],
      [`apiserver_request_total{verb="LIST",resource="${resource}"}`]: [0, 1000],
    },
  })

test('lists of several objects do not look for one by its name', () => {
  expect(ofLists('pods', 9000)).not.toMatch(/metadata\.name|100 ns/)
  expect(ofLists('pods', 9000)).not.toMatch(/spec\.nodeName/)
  expect(ofLists('secrets', 9000)).not.toMatch(/metadata\.name|spec\.nodeName/)
  expect(inOrder(ofLists('secrets', 1000), 'an informer', 'metadata.name')).toBe(true)
  expect(ofLists('pods', 800)).toMatch(/metadata\.name/)
})
