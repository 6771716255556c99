import { expect, test } from 'vitest'
import { type CaptureFacts, diagnose, profileOfCase, type Reads } from '../../../diagnosis/index.ts'
import { loadRules } from '../../../judge/index.ts'

const { ruleSet } = await loadRules()

interface Process {
  readonly reads: Reads
  readonly component: string
  readonly stacks: string
  readonly facts?: CaptureFacts
}

/** What a rule advises for these stacks. */
function remedyOf(rule: string, { reads, component, stacks, facts = {} }: Process): string {
  const profile = profileOfCase({ reads, seconds: 10, stacks })
  return diagnose([{ path: reads, profile, component }], ruleSet, { language: 'en', ...facts })
    .findings.filter((finding) => finding.rule === rule)
    .flatMap((finding) => finding.remedy)
    .join('\n')
}

const SAME = 'runtime.goroutine-same-stack'
const LOCK = 'runtime.goroutines-wait-for-lock'
const CHILDREN = 'runtime.child-processes'
const REQUESTS = 'runtime.http-requests-wait'
const WAIT = 'os/exec.(*Cmd).Wait; os.(*Process).Wait; os.(*Process).wait 40'
const SENT =
  'k8s.io/client-go/rest.(*Request).Do; golang.org/x/net/http2.(*ClientConn).RoundTrip 160'

test.each([
  [
    SAME,
    'main.get; golang.org/x/sync/singleflight.(*Group).Do; sync.(*WaitGroup).Wait 6000',
    /singleflight/,
    /created by/,
  ],
  [SAME, 'main.all; sync.(*WaitGroup).Wait 6000', /without Done/, /Broadcast|semaphore/],
  [SAME, 'main.put; runtime.chansend1 6000', /nothing takes what they send/, /Broadcast|Done/],
  [SAME, 'main.get; runtime.chanrecv1 6000', /created by/, /what they send|Done|semaphore/],
  [
    SAME,
    'main.do; golang.org/x/sync/semaphore.(*Weighted).Acquire; runtime.selectgo 6000',
    /at a semaphore/,
    /created by|Done/,
  ],
  [
    SAME,
    'golang.org/x/net/http2.(*clientStream).doRequest; golang.org/x/net/http2.(*clientStream).writeRequest; runtime.selectgo 6000',
    /resp\.Body\.Close/,
    /created by/,
  ],
  [LOCK, 'main.(*S).Get; sync.(*Mutex).Lock 340', /a sync\.RWMutex, a copy/, /writers hold/],
  [LOCK, 'main.(*S).Get; sync.(*RWMutex).RLock 340', /writers hold/, /a sync\.RWMutex, a copy/],
  [CHILDREN, `main.run; ${WAIT}`, /exec\.CommandContext/, /were started with a context/],
  [
    CHILDREN,
    `main.run; ${WAIT}\nos/exec.(*Cmd).watchCtx; runtime.selectgo 40`,
    /were started with a context/,
    /exec\.CommandContext/,
  ],
  [
    REQUESTS,
    `main.make; k8s.io/client-go/kubernetes/typed/core/v1.(*configMaps).Create; ${SENT}`,
    /admission webhook/,
    /^$/,
  ],
  [
    REQUESTS,
    `main.read; k8s.io/client-go/kubernetes/typed/core/v1.(*configMaps).Get; ${SENT}`,
    /goroutine profile of the same minute/,
    /admission webhook/,
  ],
  // An API server that asks webhooks waits for these, and not for an API server.
  [
    REQUESTS,
    `k8s.io/apiserver/pkg/admission/plugin/webhook/validating.(*validatingDispatcher).callHook; ${SENT}`,
    /Look at the servers that are asked/,
    /API server's goroutine profile/,
  ],
])('%s of %s', (rule, stacks, told, not) => {
  const remedy = remedyOf(rule, { reads: 'goroutine', component: 'shop', stacks })
  expect(remedy).toMatch(told)
  expect(remedy).not.toMatch(not)
})

const COMMIT = 'go.etcd.io/bbolt.(*Tx).Commit; go.etcd.io/bbolt.(*Bucket).spill 350\nmain.x 600'

/** What is advised to an etcd that commits so often within its ten seconds. */
function commitsOf(count: number): string {
  const page = (factor: number) =>
    `etcd_disk_backend_commit_duration_seconds_count ${count * factor}\nprocess_start_time_seconds 1\n`
  const facts = { metricsBefore: page(0), metrics: page(1) }
  const etcd = { reads: 'cpu', component: 'etcd', stacks: COMMIT, facts } as const
  return remedyOf('etcd.backend-commit', etcd)
}

test('batches that end before their time are told from those that are due', () => {
  expect(commitsOf(100)).toMatch(/a larger --backend-batch-interval/)
  expect(commitsOf(100)).not.toMatch(/--backend-batch-limit/)
  expect(commitsOf(900)).toMatch(/--backend-batch-limit is set below/)
  expect(commitsOf(900)).not.toMatch(/a larger --backend-batch-interval/)
})

function loggingIn(caller: string): string {
  return remedyOf('any.logging', {
    reads: 'cpu',
    component: 'kube-apiserver',
    stacks: `${caller}; k8s.io/klog/v2.InfoSDepth 300\nnet/http.(*conn).serve 700`,
  })
}

test('a log that holds requests is not taken for one at -v=2', () => {
  const served = loggingIn('k8s.io/apiserver/pkg/server/httplog.(*respLogger).Log')
  expect(served).not.toMatch(/runs at -v=2 or less/)
  expect(loggingIn('main.work')).toMatch(/runs at -v=2 or less/)
})

const BUSY =
  'runtime.mcall; runtime.park_m; runtime.schedule; runtime.findRunnable 400\nmain.work 1560'

function limitOf(quota: string): string {
  const facts = { metrics: `go_sched_gomaxprocs_threads 2\n${quota}` }
  return remedyOf('x.cpu-limit', { reads: 'cpu', component: 'shop', stacks: BUSY, facts })
}

test('a limit that the container has is not doubted', () => {
  const quota = 'container_spec_cpu_quota 200000\ncontainer_spec_cpu_period 100000\n'
  expect(limitOf('')).toMatch(/Where it has none/)
  expect(limitOf(quota)).not.toMatch(/Where it has none/)
})
