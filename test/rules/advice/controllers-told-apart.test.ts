import { expect, test } from 'vitest'
import { saidTo } from '../said-to-server.ts'

/** What is advised for syncs of Services, as many in ten seconds, which have slices of so many addresses. */
const ofServices = (syncs: number, slices: number, addresses: number, updates: number) =>
  saidTo({
    rule: 'kcm.endpoints-syncs',
    component: 'kube-controller-manager',
    stacks: 'k8s.io/kubernetes/pkg/controller/endpointslice.(*Controller).syncService 300',
    pages: {
      'workqueue_work_duration_seconds_count{name="endpoint_slice"}': [0, syncs],
      endpoint_slice_controller_num_endpoint_slices: [slices, slices],
      endpoint_slice_controller_endpoints_desired: [addresses, addresses],
      'endpoint_slice_controller_changes{operation="update"}': [0, updates],
      endpoint_slice_controller_endpoints_added_per_sync_sum: [0, 100],
    },
  })

test('one large Service, whose slices each sync writes, shares its pods with no other', () => {
  expect(ofServices(40, 5, 500, 190)).not.toContain('several Services select the same pods')
  expect(ofServices(40, 75, 7500, 120)).toContain('Where several Services select the same pods')
})

test('small Services that are synced each few seconds have nothing to gather', () => {
  expect(ofServices(40, 200, 400, 40)).not.toMatch(/batch-period|several Services/)
  expect(ofServices(40, 5, 500, 190)).toContain('--endpointslice-updates-batch-period=500ms')
})

const EXTENDER = 'k8s.io/kubernetes/pkg/scheduler.(*HTTPExtender)'

const ofExtender = (method: string) =>
  saidTo({
    rule: 'scheduler.extender-wait',
    component: 'kube-scheduler',
    reads: 'goroutine',
    stacks: `${EXTENDER}.${method}; ${EXTENDER}.send; net/http.(*Client).Do 10`,
  })

test('an extender that filters is asked for one pod after the other, one that binds side by side', () => {
  expect(ofExtender('Filter')).toMatch(/more instances of it do not help[^]+managedResources/)
  expect(ofExtender('Bind')).toContain('run more instances')
})

const ofVictims = (victims: number) =>
  saidTo({
    rule: 'scheduler.preemption',
    component: 'kube-scheduler',
    stacks:
      'k8s.io/kubernetes/pkg/scheduler/framework/preemption.(*Evaluator).DryRunPreemption 300',
    pages: {
      scheduler_preemption_victims_count: [0, victims],
      scheduler_preemption_attempts_total: [0, 100],
    },
  })

test('pods that find victims at each try are not told to wait', () => {
  expect(ofVictims(90)).not.toContain('preemptionPolicy: Never')
  expect(ofVictims(2)).toContain('preemptionPolicy: Never')
})

const startedFrom = (who: string) =>
  saidTo({
    rule: 'runtime.http-connection-leak',
    component: '',
    reads: 'goroutine',
    stacks: `net/http.(*persistConn).readLoop; net/http.(*persistConn).Read 900\nnet/http.(*persistConn).writeLoop; runtime.selectgo 900\n${who} 3`,
  })

test('connections of a program without client-go are none of client-go', () => {
  expect(startedFrom('main.main')).toMatch(/one Transport for the process[^]+IdleConnTimeout/)
  expect(startedFrom('main.main')).not.toContain('a rest.Config')
  const ofClients = startedFrom('k8s.io/client-go/rest.(*Request).Do')
  expect(ofClients).toContain('a rest.Config with a Dial or Proxy func')
  expect(ofClients).not.toContain('IdleConnTimeout')
})

const accounted = (wanted: number, latency: number) =>
  saidTo({
    rule: 'runtime.cpu-starved',
    stacks: 'net/http.(*conn).serve 100',
    pages: {
      go_cpu_classes_total_cpu_seconds_total: [0, 20],
      go_cpu_classes_idle_cpu_seconds_total: [0, 20 - wanted],
      process_cpu_seconds_total: [0, 4],
      go_sched_gomaxprocs_threads: [2, 2],
      go_sched_latencies_seconds_sum: [0, latency * 1000],
      go_sched_latencies_seconds_count: [0, 1000],
    },
  })

test('where goroutines hardly wait, it takes four times the CPU to say that it lacks', () => {
  expect(accounted(12, 0.0001)).toBe('')
  expect(accounted(12, 0.0008)).toMatch(/^info/)
  expect(accounted(18, 0.0001)).toMatch(/^info/)
})

const alike = (leaf: string) =>
  saidTo({
    rule: 'runtime.goroutine-same-stack',
    component: '',
    reads: 'goroutine',
    stacks: `main.session; ${leaf} 2500`,
  })

test('goroutines that sleep or read are not told of a Broadcast that is missing', () => {
  expect(alike('time.Sleep')).toContain('They sleep, and wake by themselves')
  expect(alike('net.(*conn).Read; internal/poll.(*FD).Read')).toContain('a deadline for reading')
  expect(alike('net.(*conn).Read; internal/poll.(*FD).Read')).not.toContain('Broadcast')
  expect(alike('runtime.chanrecv1')).toMatch(/Broadcast/)
})

const PARSED = 'k8s.io/apimachinery/pkg/labels.Parse 100'
const parsed = (caller: string) =>
  saidTo({ rule: 'runtime.parsed-again', component: '', stacks: `${caller}; ${PARSED}` })

test('texts come with requests where requests are served', () => {
  expect(parsed('main.onUpdate')).not.toContain('texts come with requests')
  expect(parsed('main.(*api).ServeHTTP; main.find')).toContain('texts come with requests')
})

const ofAttachments = (attached: number) =>
  saidTo({
    rule: 'kcm.attach-waits',
    component: 'kube-controller-manager',
    reads: 'goroutine',
    stacks: 'k8s.io/kubernetes/pkg/volume/csi.(*csiAttacher).waitForVolumeAttachDetachStatus 40',
    pages: {
      'attachdetach_controller_total_volumes{state="desired_state_of_world"}': [250, 250],
      'attachdetach_controller_total_volumes{state="actual_state_of_world"}': [attached, attached],
    },
  })

test('more workers of an attacher that has attached nothing are not asked for', () => {
  expect(ofAttachments(0)).not.toContain('--worker-threads')
  expect(ofAttachments(210)).toContain('--worker-threads')
})

const yielding = (besides: string) =>
  saidTo({
    rule: 'runtime.sched-overhead',
    component: '',
    stacks: `runtime.mcall; runtime.gosched_m; runtime.goschedImpl; runtime.schedule 300\n${besides} 20`,
  })

test('a sweeper yields only where something is collected', () => {
  expect(yielding('main.work')).not.toContain('sweeper')
  expect(yielding('runtime.gcBgMarkWorker; runtime.gcDrain')).toContain('sweeper')
})
