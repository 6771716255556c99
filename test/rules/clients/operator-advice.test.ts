import { expect, test } from 'vitest'
import { type Pages, saidTo, type Server } from '../said-to-server.ts'

const CR = 'sigs.k8s.io/controller-runtime/pkg'
const RECONCILES = `${CR}/internal/controller.(*Controller).reconcileHandler; main.(*pods).Reconcile`
const WRITES = `${RECONCILES}; ${CR}/client.(*client).Update; ${CR}/client.(*typedClient).Update; net/http.(*Client).do 4`
const MAPS = `${RECONCILES}; ${CR}/client.(*unstructuredClient).Get; net/http.(*Client).do 4`
const ADDS = `${RECONCILES}; k8s.io/client-go/tools/cache.(*sharedIndexInformer).AddEventHandler; runtime.selectgo 4`
const SLEEPS = `${RECONCILES}; time.Sleep 4`
const COMPUTES = `${RECONCILES}; main.render; regexp.Compile 4`
const READS = `${RECONCILES}; os.ReadFile; syscall.read; syscall.Syscall 4`
const CHILDREN = `${RECONCILES}; os/exec.(*Cmd).Run; os/exec.(*Cmd).Wait; os.(*Process).Wait; os.(*Process).pidfdWait; internal/syscall/unix.Waitid; syscall.Syscall6 4`

const busy = (depths: readonly [number, number]): Pages => ({
  'controller_runtime_active_workers{controller="pods"}': [4, 4],
  'controller_runtime_max_concurrent_reconciles{controller="pods"}': [4, 4],
  'workqueue_depth{name="pods"}': depths,
})
const tookOf = (seconds: number, count: number): Pages => ({
  'controller_runtime_reconcile_time_seconds_sum{controller="pods"}': [0, seconds],
  'controller_runtime_reconcile_time_seconds_count{controller="pods"}': [0, count],
})
const requests = (method: string, code: number, count: number): Pages => ({
  [`rest_client_requests_total{code="${code}",method="${method}"}`]: [0, count],
})

const backlog: Server = {
  rule: 'client.reconcile-backlog',
  component: 'operator',
  reads: 'goroutine',
  minor: 30,
  stacks: WRITES,
  pages: busy([140, 147]),
}

test.each<[string, Server, RegExp, RegExp]>([
  [
    'writes that are answered after half a second',
    { ...backlog, pages: { ...busy([140, 147]), ...tookOf(40, 80) } },
    /a write, which takes long[^]*kubectl get validating/,
    /conflict/,
  ],
  [
    'writes that are answered at once',
    { ...backlog, pages: { ...busy([140, 147]), ...tookOf(40, 1050) } },
    /its own updates start it again/,
    /takes long|kubectl get validating/,
  ],
  [
    'writes most of which are refused with a conflict',
    {
      ...backlog,
      pages: {
        ...busy([140, 147]),
        ...tookOf(40, 80),
        ...requests('PUT', 409, 900),
        ...requests('PUT', 200, 80),
      },
    },
    /refused with a conflict/,
    /takes long|kubectl get validating/,
  ],
  [
    'objects of a kind that is not there',
    {
      ...backlog,
      stacks: MAPS,
      pages: {
        ...busy([140, 147]),
        ...requests('GET', 404, 900),
        ...requests('GET', 200, 4),
      },
    },
    /install the CustomResourceDefinition/,
    /Client[.]Cache[.]Unstructured/,
  ],
  [
    'objects read past the cache',
    {
      ...backlog,
      stacks: MAPS,
      pages: {
        ...busy([140, 147]),
        ...requests('GET', 404, 4),
        ...requests('GET', 200, 900),
      },
    },
    /Client[.]Cache[.]Unstructured/,
    /CustomResourceDefinition/,
  ],
  [
    'handlers added in each reconcile',
    { ...backlog, stacks: ADDS },
    /add event handlers to informers/,
    /MaxConcurrentReconciles|its own updates/,
  ],
  ['reconciles that sleep', { ...backlog, stacks: SLEEPS }, /RequeueAfter/, /its own updates/],
  [
    'reconciles that compute',
    { ...backlog, stacks: COMPUTES },
    /name what they compute/,
    /MaxConcurrentReconciles|have started/,
  ],
  [
    'reconciles that wait for a disk in a system call',
    { ...backlog, stacks: READS },
    /raise MaxConcurrentReconciles/,
    /name what they compute|have started/,
  ],
  [
    'reconciles that wait for programs',
    { ...backlog, stacks: CHILDREN },
    /have started [(]os.exec[)][^]*raise MaxConcurrentReconciles/,
    /name what they compute|Where they compute/,
  ],
  [
    'a queue that is gone within a minute',
    { ...backlog, pages: busy([1083, 677]) },
    /^info[^]*empty within a minute/,
    /^warning/,
  ],
  [
    'a queue that is worked off for longer',
    { ...backlog, pages: busy([1083, 977]) },
    /^warning/,
    /empty within a minute/,
  ],
])('%s: the advice is for that', (_name, server, said, unsaid) => {
  const text = saidTo(server)
  expect(text).toMatch(said)
  expect(text).not.toMatch(unsaid)
})

const LIMITER =
  'k8s.io/client-go/rest.(*Request).tryThrottleWithInfo; k8s.io/client-go/util/flowcontrol.(*tokenBucketRateLimiter).Wait'
const throttled: Server = { ...backlog, rule: 'client.throttled', pages: {} }
const patches = (count: number): string =>
  `${RECONCILES}; ${CR}/client.(*client).Patch; ${LIMITER} ${count}`
const asks = (count: number): string =>
  `main.ask; k8s.io/client-go/kubernetes/typed/core/v1.(*nodes).Get; ${LIMITER} ${count}`
const handles = (count: number): string =>
  `k8s.io/client-go/tools/cache.(*processorListener).run; ${asks(count)}`
const reconciles = (done: number, written: number): Pages => ({
  'controller_runtime_reconcile_total{controller="pods",result="success"}': [0, done],
  ...requests('PATCH', 200, written),
})
const connections: Server = {
  ...backlog,
  rule: 'runtime.http-connection-leak',
  pages: {},
  stacks:
    'golang.org/x/net/http2.(*ClientConn).readLoop; golang.org/x/net/http2.(*Framer).ReadFrame; internal/poll.runtime_pollWait 1300',
}

test.each<[string, Server, RegExp, RegExp]>([
  [
    'handlers that ask the server',
    { ...throttled, stacks: handles(3) },
    /event handlers of informers[^]*to a workqueue/,
    /One goroutine for a moment|Waited for/,
  ],
  [
    'three goroutines that ask',
    { ...throttled, stacks: asks(3) },
    /One goroutine for a moment/,
    /workqueue|Waited for/,
  ],
  ['thirty of them', { ...throttled, stacks: asks(30) }, /Waited for 2[.]5s/, /workqueue/],
  [
    'three patches in each reconcile',
    { ...throttled, stacks: patches(20), pages: reconciles(50, 151) },
    /writes several times/,
    /Writes are/,
  ],
  [
    'one patch in each reconcile',
    { ...throttled, stacks: patches(20), pages: reconciles(150, 151) },
    /raise the limit/,
    /writes several times/,
  ],
  [
    'a wave of sixty',
    { ...throttled, stacks: asks(60), pages: busy([300, 200]) },
    /^warning[^]*empty within a minute/,
    /^critical/,
  ],
  [
    'sixty before a queue that stays',
    { ...throttled, stacks: asks(60), pages: busy([300, 298]) },
    /^critical/,
    /empty within a minute/,
  ],
  ['connections of many clients', connections, /rest\[[.]\]\(HTTPClientFor/, /bodyEOFSignal/],
  [
    'transports that watch a certificate each',
    {
      ...connections,
      rule: 'client.tls-transport-leak',
      stacks:
        'k8s.io/client-go/transport.(*dynamicClientCert).Run; runtime.chanrecv 600\nk8s.io/client-go/transport.(*dynamicClientCert).runWorker; runtime.selectgo 600',
    },
    /rest\[[.]\]\(HTTPClientFor/,
    /Clone/,
  ],
  [
    'bodies that are not closed',
    { ...connections, stacks: 'net/http.(*persistConn).readLoop; runtime.selectgo 1300' },
    /bodyEOFSignal/,
    /HTTPClientFor/,
  ],
])('%s: what is done about it', (_name, server, said, unsaid) => {
  const text = saidTo(server)
  expect(text).toMatch(said)
  expect(text).not.toMatch(unsaid)
})

const HELD = `${CR}/internal/controller.(*Controller).processNextWorkItem; ${CHILDREN}`
const programs = (stacks: string, waited: number): Server => ({
  ...backlog,
  rule: 'runtime.child-processes',
  stacks,
  pages: {
    ...busy([260, 260]),
    'workqueue_queue_duration_seconds_sum{name="pods"}': [0, waited],
    'workqueue_queue_duration_seconds_count{name="pods"}': [0, 20],
  },
})

test('four programs are said to hold a queue up where all of its workers wait for them', () => {
  const text = saidTo(programs(HELD, 500))
  expect(text).toMatch(/4 of 4 workers that have a key/)
  expect(text).toMatch(/Keys wait for these programs[^]*leave processors/)
  expect(text).not.toMatch(/a semaphore|as a builder or a shell/)
})

test('four programs are no finding where keys hardly wait or workers are elsewhere', () => {
  const others = HELD.replace(/os.exec.*/, 'net/http.(*Client).do; runtime.selectgo 4')
  expect(saidTo(programs(HELD, 2))).toBe('')
  expect(saidTo(programs(`${HELD}\n${others}`, 500))).toBe('')
})
