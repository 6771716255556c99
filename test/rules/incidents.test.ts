import { expect, test } from 'vitest'
import { diagnose, type DiagnosisInput, profileOfCase } from '../../diagnosis/index.ts'
import { loadRules } from '../../judge/load-rules.ts'

// The incidents that kubeprof was founded on, each as the profile that its write-up describes.
const { ruleSet } = await loadRules()

interface Incident {
  readonly path: string
  readonly reads: 'cpu' | 'goroutine' | 'block'
  readonly component: string
  readonly seconds?: number
  readonly stacks: string
}

function topFindings(...incidents: readonly Incident[]) {
  const inputs = incidents.map(
    ({ path, reads, component, seconds = 10, stacks }): DiagnosisInput => {
      return { path, component, profile: profileOfCase({ reads, seconds, stacks }) }
    },
  )
  const { findings } = diagnose(inputs, ruleSet, { language: 'en' })
  return findings.map(({ rule, level, also }) => {
    const folded = also.map((finding) => finding.rule).sort()
    return folded.length === 0 ? `${level} ${rule}` : `${level} ${rule}, also ${folded.join(' ')}`
  })
}

test('tiller is slow: each of its requests waits for a limiter of five a second', () => {
  const found = topFindings({
    path: 'goroutine',
    reads: 'goroutine',
    component: 'tiller',
    stacks: `
      k8s.io/helm/pkg/tiller.(*ReleaseServer).InstallRelease; k8s.io/helm/pkg/kube.(*Client).Create; k8s.io/helm/vendor/k8s.io/client-go/rest.(*Request).Do; k8s.io/helm/vendor/k8s.io/client-go/rest.(*Request).request; k8s.io/helm/vendor/k8s.io/client-go/rest.(*Request).tryThrottle; k8s.io/helm/vendor/k8s.io/client-go/util/flowcontrol.(*tokenBucketRateLimiter).Accept; time.Sleep 12
      google.golang.org/grpc.(*Server).Serve; net.(*TCPListener).Accept 1
    `,
  })
  expect(found).toEqual(['warning client.throttled'])
})

test('kubectl takes seconds: discovery documents are written with fsync, one after the other', () => {
  const found = topFindings({
    path: 'block.pprof',
    reads: 'block',
    component: 'kubectl',
    seconds: 6,
    stacks: `
      k8s.io/client-go/discovery.fetchGroupVersionResources.func1; github.com/gregjones/httpcache.(*Transport).RoundTrip; github.com/gregjones/httpcache/diskcache.(*Cache).Set; github.com/peterbourgon/diskv.(*Diskv).WriteStream; sync.(*RWMutex).Lock 203 420000000000
      k8s.io/kubectl/pkg/cmd.NewDefaultKubectlCommand; runtime.selectgo 40 30000000000
    `,
  })
  expect(found).toEqual(['critical client.discovery-cache-fsync, also runtime.lock-held'])
})

test('StatefulSets roll out slowly: each sync lists all revisions of the namespace', () => {
  const found = topFindings({
    path: 'cpu',
    reads: 'cpu',
    component: 'kube-controller-manager',
    seconds: 30,
    stacks: `
      k8s.io/kubernetes/pkg/controller/statefulset.(*StatefulSetController).worker; k8s.io/kubernetes/pkg/controller/statefulset.(*defaultStatefulSetControl).ListRevisions; k8s.io/kubernetes/pkg/controller/history.(*realHistory).ListControllerRevisions; k8s.io/kubernetes/vendor/k8s.io/client-go/tools/cache.ListAllByNamespace; k8s.io/kubernetes/vendor/k8s.io/apimachinery/pkg/labels.internalSelector.Matches 1900
      runtime.gcBgMarkWorker; runtime.gcDrain 200
      k8s.io/kubernetes/pkg/controller/statefulset.(*StatefulSetController).worker; k8s.io/kubernetes/pkg/controller/statefulset.(*defaultStatefulSetControl).updateStatefulSet 700
    `,
  })
  expect(found[0]).toBe(
    'critical kcm.statefulset-revisions, also client.informer-full-scan runtime.label-selector',
  )
})

test('endpoints lag: all workers wait for --kube-api-qps, and more workers wait too', () => {
  const throttled =
    'k8s.io/kubernetes/vendor/k8s.io/client-go/rest.(*Request).tryThrottle; k8s.io/kubernetes/vendor/k8s.io/client-go/util/flowcontrol.(*tokenBucketRateLimiter).Accept; time.Sleep'
  const found = topFindings({
    path: 'goroutine',
    reads: 'goroutine',
    component: 'kube-controller-manager',
    stacks: `
      k8s.io/kubernetes/pkg/controller/endpoint.(*EndpointController).worker; k8s.io/kubernetes/pkg/controller/endpoint.(*EndpointController).processNextWorkItem; k8s.io/kubernetes/pkg/controller/endpoint.(*EndpointController).syncService; ${throttled} 20
      k8s.io/kubernetes/pkg/controller/deployment.(*DeploymentController).worker; k8s.io/kubernetes/vendor/k8s.io/client-go/util/workqueue.(*Type).Get 5
    `,
  })
  expect(found).toEqual([
    'critical kcm.endpoints-throttled, also client.throttled client.worker-saturation',
  ])
})

test('the apiserver burns its CPU: lists without resourceVersion, and the collector behind them', () => {
  const list =
    'k8s.io/kubernetes/vendor/k8s.io/apiserver/pkg/endpoints/handlers.ListResource.func1; k8s.io/kubernetes/vendor/k8s.io/apiserver/pkg/storage/cacher.(*Cacher).GetToList; k8s.io/kubernetes/vendor/k8s.io/apiserver/pkg/storage/etcd3.(*store).List; k8s.io/kubernetes/vendor/k8s.io/apiserver/pkg/storage/etcd3.appendListItem'
  const found = topFindings({
    path: 'cpu',
    reads: 'cpu',
    component: 'kube-apiserver',
    stacks: `
      ${list}; k8s.io/kubernetes/vendor/k8s.io/api/core/v1.(*Pod).Unmarshal 900
      ${list}; runtime.mallocgc; runtime.gcAssistAlloc; runtime.systemstack; runtime.gcAssistAlloc.func1; runtime.gcDrainN 350
      runtime.gcBgMarkWorker; runtime.systemstack; runtime.gcBgMarkWorker.func2; runtime.gcDrain 700
      net/http.(*conn).serve 400
    `,
  })
  expect(found[0]).toBe(
    'critical apiserver.list-from-etcd, also runtime.gc-assist runtime.gc-share x.list-drives-gc',
  )
})
