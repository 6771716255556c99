import { expect, test } from 'vitest'
import { type Pages, saidTo } from '../said-to-server.ts'

const CACHE = 'k8s.io/client-go/tools/cache'

const ofHandlers = (goroutines: readonly [number, number] | null) =>
  saidTo({
    rule: 'client.informer-handler-leak',
    component: 'my-operator',
    reads: 'goroutine',
    stacks: [
      `${CACHE}.(*processorListener).pop; runtime.selectgo 450`,
      `${CACHE}.(*processorListener).run; runtime.chanrecv2 450`,
    ].join('\n'),
    pages: goroutines === null ? {} : { go_goroutines: goroutines },
  })

test('growth that the evidence shows is not looked for below', () => {
  expect(ofHandlers([700, 1060])).toMatch(/If it is these that grow \(evidence\)/)
  expect(ofHandlers([700, 1060])).not.toMatch(/only grow \(below\)|goroutine\?debug=1/)
  for (const said of [ofHandlers([900, 901]), ofHandlers(null)]) {
    expect(said).toMatch(/If they only grow \(below\)/)
    expect(said).toMatch(/goroutine\?debug=1/)
    expect(said).not.toMatch(/If it is these that grow/)
  }
})

const SYNC = 'k8s.io/kubernetes/pkg/controller/endpoint'
const ofSyncs = (waited: number) => {
  const pages: Record<string, Pages[string]> = {}
  for (const name of ['endpoint', 'endpoint_slice']) {
    pages[`workqueue_queue_duration_seconds_sum{name="${name}"}`] = [0, waited * 100]
    pages[`workqueue_queue_duration_seconds_count{name="${name}"}`] = [0, 100]
    pages[`workqueue_retries_total{name="${name}"}`] = [0, 1000]
  }
  return saidTo({
    rule: 'kcm.endpoints-syncs',
    component: 'kube-controller-manager',
    stacks: `${SYNC}.(*Controller).syncService 350\n${SYNC}slice.(*Controller).syncService 350`,
    pages,
  })
}

test('a batch period is advised only where a queue does not gather as much by itself', () => {
  expect(ofSyncs(0.01)).toMatch(/--endpointslice-updates-batch-period=500ms/)
  expect(ofSyncs(0.01)).toMatch(/--endpoint-updates-batch-period=500ms/)
  expect(ofSyncs(1.3)).not.toMatch(/batch-period/)
  expect(ofSyncs(1.3)).toMatch(/Where several Services select the same pods \(below\)/)
  expect(ofSyncs(1.3)).toMatch(/kubectl get services -A/)
})

test('changes of pods are not called syncs that failed or were put off', () => {
  expect(ofSyncs(0.01)).toMatch(/Syncs asked for by changes of pods, or tried again/)
  expect(ofSyncs(0.01)).not.toMatch(/put off/)
})

const READER = 'sigs.k8s.io/controller-runtime/pkg/cache/internal.(*CacheReader)'

test('who lists to find one object is told of Get', () => {
  const said = saidTo({
    rule: 'runtime.deepcopy',
    component: 'my-operator',
    stacks: `${READER}.List; k8s.io/api/core/v1.(*Node).DeepCopyInto 300`,
  })
  expect(said).toMatch(/one object whose name is known[^:]*: Get/)
})

test('what is asked of an extender only for some pods costs no change of it', () => {
  const said = saidTo({
    rule: 'scheduler.extender-wait',
    component: 'kube-scheduler',
    reads: 'goroutine',
    stacks: 'k8s.io/kubernetes/pkg/scheduler.(*HTTPExtender).send; net/http.(*Client).Do 1',
  })
  expect(said).toMatch(/no managedResources[^\n]*Costs: an entry in KubeSchedulerConfiguration/)
})
