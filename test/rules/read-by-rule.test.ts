import { expect, test } from 'vitest'
import { saidTo } from './said-to-server.ts'

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
