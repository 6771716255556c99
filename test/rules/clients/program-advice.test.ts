import { expect, test } from 'vitest'
import { type Pages, saidTo, type Server } from '../said-to-server.ts'

const program: Server = { rule: '', component: 'shop', stacks: '', minor: 30 }
const READS = 'main.take; encoding/json.Unmarshal; encoding/json.(*decodeState).unmarshal 460'
const MAKES = 'main.give; encoding/json.Marshal; encoding/json.(*encodeState).marshal 180'
const WATCHES =
  'k8s.io/client-go/tools/cache.(*Reflector).Run; k8s.io/client-go/tools/cache.watchHandler 5'

const COLLECTS =
  'runtime.gcBgMarkWorker; runtime.systemstack; runtime.gcBgMarkWorker.func2; runtime.gcDrain 700'
/** Collections in ten seconds, and the bytes of the heap against those at which the next one starts. */
const heap = (collections: number, alloc: number, next: number): Pages => ({
  go_gc_duration_seconds_count: [0, collections],
  go_memstats_heap_alloc_bytes: [alloc, alloc],
  go_memstats_next_gc_bytes: [next, next],
})
const collector: Server = { ...program, rule: 'runtime.gc-share', stacks: COLLECTS }

test.each<[string, Server, RegExp, RegExp]>([
  [
    'messages as JSON, in a program without types of Kubernetes',
    { ...program, rule: 'runtime.json-round-trip', stacks: `${READS}\n${MAKES}` },
    /messages come and go as JSON[^]*copy or set the fields/,
    /DeepCopy|apimachinery/,
  ],
  [
    'the same, beside informers',
    { ...program, rule: 'runtime.json-round-trip', stacks: `${READS}\n${MAKES}\n${WATCHES}` },
    /DeepCopy[^]*DefaultUnstructuredConverter/,
    /copy or set the fields/,
  ],
  [
    'a heap that is as large as it may become, and collections without a pause',
    { ...collector, pages: heap(468, 9732080, 9671488) },
    /as where GOMEMLIMIT is as small as what is live/,
    /GOGC=200/,
  ],
  [
    'a compressor for each answer',
    {
      ...collector,
      stacks: `${COLLECTS}\nmain.answer; compress/gzip.(*Writer).Write; compress/flate.NewWriter; compress/flate.(*compressor).init 120`,
    },
    /in a sync[.]Pool, and Reset each/,
    /as small as what is live/,
  ],
  [
    'compressors that are used again',
    {
      ...collector,
      stacks: `${COLLECTS}\nmain.answer; compress/gzip.(*Writer).Write; compress/flate.(*compressor).deflate 120`,
    },
    /See who allocates most/,
    /sync[.]Pool/,
  ],
  [
    'a heap that may become as large again',
    { ...collector, pages: heap(468, 5732080, 9671488) },
    /GOGC=200/,
    /as small as what is live/,
  ],
  [
    'a heap that is as large as it may become, and a collection now and then',
    { ...collector, pages: heap(13, 9732080, 9671488) },
    /GOGC=200/,
    /as small as what is live/,
  ],
])('%s: the advice is for that', (_name, server, said, unsaid) => {
  const text = saidTo(server)
  expect(text).toMatch(said)
  expect(text).not.toMatch(unsaid)
})

const RECEIVES =
  'k8s.io/apimachinery/pkg/watch.(*StreamWatcher).receive; k8s.io/client-go/rest/watch.(*Decoder).Decode; k8s.io/apimachinery/pkg/runtime/serializer/json.(*Serializer).Decode 400'
const MAPS =
  'main.(*pods).Reconcile; sigs.k8s.io/controller-runtime/pkg/client/apiutil.(*mapper).RESTMapping; k8s.io/client-go/discovery.(*DiscoveryClient).GroupsAndMaybeResources 400'
const answered = (found: number, missing: number): Pages => ({
  'rest_client_requests_total{code="200",method="GET"}': [0, found],
  'rest_client_requests_total{code="404",method="GET"}': [0, missing],
})
const discovery: Server = { ...program, rule: 'client.discovery-again', stacks: MAPS }
const UNREAD = 'k8s.io/apimachinery/pkg/watch.(*StreamWatcher).receive; runtime.selectgo'
const STREAM =
  'golang.org/x/net/http2.(*clientStream).doRequest; golang.org/x/net/http2.(*clientStream).writeRequest; runtime.selectgo'
const watcher: Server = {
  ...program,
  rule: 'client.streamwatcher-leak',
  reads: 'goroutine',
  stacks: `${UNREAD} 1142\n${STREAM} 1508`,
}
const CONNECTION =
  'k8s.io/client-go/rest/watch.(*Decoder).Decode; golang.org/x/net/http2.transportResponseBody.Read; sync.(*Mutex).Lock; sync.runtime_SemacquireMutex'
const OWN = 'main.serve; main.(*Store).Get; sync.(*Mutex).Lock; sync.runtime_SemacquireMutex'
const locks: Server = {
  ...program,
  rule: 'runtime.goroutines-wait-for-lock',
  reads: 'goroutine',
}
const LOOKS = 'main.ask; net.(*Resolver).LookupHost; net.(*Resolver).exchange; runtime.selectgo'
const waiters: Server = { ...program, rule: 'runtime.goroutine-same-stack', reads: 'goroutine' }
const COMPARES = 'reflect.DeepEqual; reflect.deepValueEqual; reflect.Value.Field 400'
const HANDLES =
  'k8s.io/client-go/tools/cache.(*processorListener).run; k8s.io/client-go/tools/cache.(*processorListener).run.func1; main.changed'
const reads34: Server = {
  ...program,
  component: 'etcd',
  rule: 'etcd.readtx-copy',
  stacks: 'go.etcd.io/etcd/mvcc/backend.(*backend).ConcurrentReadTx; runtime.memmove 400',
}

test.each<[string, Server, RegExp, RegExp]>([
  [
    'events that informers follow',
    { ...program, rule: 'client.json-decode', stacks: `${RECEIVES}\n${WATCHES}` },
    /several informers are of one kind/,
    /again and again/,
  ],
  [
    'events of a watch that is begun anew',
    { ...program, rule: 'client.json-decode', stacks: RECEIVES },
    /starts watches again and again/,
    /several informers/,
  ],
  [
    'discovery for a kind that is not there',
    { ...discovery, pages: answered(4, 900) },
    /install the CustomResourceDefinition/,
    /client[.]New/,
  ],
  [
    'discovery for each client that is made',
    { ...discovery, pages: answered(900, 4) },
    /client[.]New/,
    /CustomResourceDefinition/,
  ],
  [
    'discovery, and no metrics that tell',
    discovery,
    /client[.]New[^]*install the CustomResourceDefinition/,
    /404/,
  ],
  [
    'watches that wait for a reader, and others that wait for an event',
    watcher,
    /1,142 watches try[^]*1,508 requests are open in all/,
    /nobody reads/,
  ],
  [
    'watches that all wait for a reader',
    { ...watcher, stacks: `${UNREAD} 1142\n${STREAM} 1150` },
    /1,142 watches try/,
    /open in all/,
  ],
  [
    'a lock of an HTTP/2 connection',
    { ...locks, stacks: `${CONNECTION} 91` },
    /one informer for a kind/,
    /out of the locked part|RWMutex/,
  ],
  [
    'a lock of the program, beside one of a connection',
    { ...locks, stacks: `${OWN} 95\n${CONNECTION} 15` },
    /out of the locked part/,
    /one informer for a kind/,
  ],
  [
    'a lock of the program, beside one for which as many wait',
    { ...locks, stacks: `${OWN} 95\n${CONNECTION} 91` },
    /out of the locked part/,
    /one informer for a kind/,
  ],
  ['look-ups', { ...waiters, stacks: `${LOOKS} 2400` }, /DNS servers[^]*dig/, /Broadcast/],
  [
    'goroutines that become more',
    {
      ...waiters,
      stacks: 'main.follow; runtime.selectgo 2500',
      pages: { go_goroutines: [1838, 2557] },
    },
    /become more while this is taken/,
    /DNS/,
  ],
  [
    'goroutines that hardly become more',
    {
      ...waiters,
      stacks: 'main.follow; runtime.selectgo 2500',
      pages: { go_goroutines: [2540, 2557] },
    },
    /Broadcast/,
    /become more while/,
  ],
  [
    'values that are compared',
    { ...program, rule: 'runtime.reflect', stacks: `main.sync; ${COMPARES}` },
    /resourceVersion/,
    /generated for the types/,
  ],
  [
    'values that are decoded',
    {
      ...program,
      rule: 'runtime.reflect',
      stacks: 'main.sync; encoding/json.Unmarshal; reflect.Value.Set 400',
    },
    /generated for the types/,
    /resourceVersion/,
  ],
  [
    'a handler that compares',
    { ...program, rule: 'client.informer-handlers', stacks: `${HANDLES}; ${COMPARES}` },
    /return where the resourceVersion is that of before/,
    /makes the same anew/,
  ],
  [
    'a handler that renders',
    {
      ...program,
      rule: 'client.informer-handlers',
      stacks: `${HANDLES}; text/template.(*Template).Execute 400`,
    },
    /makes the same anew/,
    /DeepEqual/,
  ],
  [
    'an etcd that commits ten times a second',
    {
      ...reads34,
      pages: { etcd_disk_backend_commit_duration_seconds_count: [0, 95] },
    },
    /a smaller --backend-batch-interval/,
    /were raised/,
  ],
  [
    'an etcd that commits once a minute',
    {
      ...reads34,
      pages: { etcd_disk_backend_commit_duration_seconds_count: [0, 1] },
    },
    /were raised/,
    /a smaller --backend-batch-interval/,
  ],
])('%s: what is done about it', (_name, server, said, unsaid) => {
  const text = saidTo(server)
  expect(text).toMatch(said)
  expect(text).not.toMatch(unsaid)
})
