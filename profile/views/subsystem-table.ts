/** The parts of a Kubernetes control plane that frames are coloured by, in the order of a legend. */
export const SUBSYSTEMS = [
  { id: 'request', title: { en: 'request handling', zh: '请求处理' } },
  { id: 'auth', title: { en: 'authentication, authorization', zh: '认证与鉴权' } },
  { id: 'admission', title: { en: 'admission, webhooks', zh: '准入与 webhook' } },
  { id: 'watch-cache', title: { en: 'watch cache', zh: 'watch cache' } },
  { id: 'storage', title: { en: 'etcd client', zh: 'etcd 客户端' } },
  { id: 'etcd', title: { en: 'etcd server', zh: 'etcd 服务端' } },
  { id: 'encoding', title: { en: 'encoding, conversion', zh: '编解码与转换' } },
  { id: 'compression', title: { en: 'compression', zh: '压缩' } },
  { id: 'tls', title: { en: 'TLS, cryptography', zh: 'TLS 与加密' } },
  { id: 'net', title: { en: 'network, HTTP, gRPC', zh: '网络、HTTP、gRPC' } },
  { id: 'client', title: { en: 'API client', zh: 'API 客户端' } },
  { id: 'informer', title: { en: 'informers, work queues', zh: 'informer 与工作队列' } },
  { id: 'controller', title: { en: 'controllers', zh: '控制器' } },
  { id: 'scheduling', title: { en: 'pod scheduling', zh: 'Pod 调度' } },
  { id: 'node', title: { en: 'kubelet, containers', zh: 'kubelet 与容器' } },
  { id: 'openapi', title: { en: 'OpenAPI, CRD schemas, CEL', zh: 'OpenAPI、CRD schema、CEL' } },
  { id: 'logging', title: { en: 'logging, metrics, tracing', zh: '日志、指标、追踪' } },
  { id: 'gc', title: { en: 'garbage collection', zh: '垃圾回收' } },
  { id: 'allocation', title: { en: 'memory allocation', zh: '内存分配' } },
  { id: 'runtime', title: { en: 'Go runtime', zh: 'Go 运行时' } },
  { id: 'library', title: { en: 'standard library', zh: '标准库' } },
  { id: 'other', title: { en: 'other', zh: '其他' } },
] as const

export type SubsystemId = (typeof SUBSYSTEMS)[number]['id']

export interface FuncRow {
  readonly subsystem: SubsystemId
  readonly startsWith: readonly string[]
}

/**
 * Functions of these packages whose name, without the package, starts with one of the words; the first row that fits
 * decides, and only when none does the package. Which runtime functions are the collector's:
 * https://github.com/golang/go/tree/master/src/runtime
 */
export const FUNC_SUBSYSTEMS: Readonly<Record<string, readonly FuncRow[]>> = {
  runtime: [
    {
      subsystem: 'gc',
      startsWith: words(`
        gc GC _GC bgsweep bgscavenge sweep deductSweep scan scavenge mark greyobject findObject wbBuf wbMove wbZero
        bulkBarrier typeBitsBulk tryDeferToSpan spanInline spanSetScans typePointers forcegc deductAssist getempty
        putempty getfull putfull trygetfull handoff heapBits. extractHeapBits (*gcWork) (*gcControllerState)
        (*gcCPULimiterState) (*gcBits) (*wbBuf) (*sweepLocked) (*sweepLocker) (*activeSweep) (*scavengerState)
        (*scavengeIndex) (*spanInlineMarkBits) (*spanScanOwnership) (*spanQueue) (*lfstack) (*markBits)
        (*mspan).sweep (*mspan).moveInlineMarks (*mspan).markBits (*mspan).typePointers (*mheap).scavenge
        (*mheap).reclaim (*pageAlloc).scavenge`),
    },
    {
      subsystem: 'allocation',
      startsWith: words(`
        malloc newobject newarray makeslice growslice memclr nextFreeFast persistentalloc spanClass heapSetType
        rawbyte rawstring rawmem profilealloc publicationBarrier roundupsize sysAlloc sysMap sysUsed sysFault
        madvise mmap stackalloc stackcache addspecial (*mspan) (*mheap) (*mcache) (*mcentral) (*fixalloc)
        (*pageAlloc) (*pageCache) (*pallocData) (*pallocBits) (*spanSet) (*linearAlloc)`),
    },
  ],
  'k8s.io/apiserver/pkg/endpoints/filters': [
    { subsystem: 'auth', startsWith: words('WithAuth withAuth WithFailedAuth WithImpersonation') },
    { subsystem: 'logging', startsWith: words('WithAudit withAudit WithTracing') },
  ],
  'k8s.io/apiserver/pkg/server': [
    {
      subsystem: 'auth',
      startsWith: words(
        'DefaultBuildHandlerChain.WithAuth DefaultBuildHandlerChain.WithImpersonation',
      ),
    },
    { subsystem: 'logging', startsWith: words('DefaultBuildHandlerChain.WithAudit') },
  ],
}

/** Packages, each with all below it; the longest that fits decides. */
export const PACKAGE_SUBSYSTEMS: Readonly<Record<string, SubsystemId>> = {
  runtime: 'runtime',
  'internal/runtime': 'runtime',
  'internal/runtime/gc': 'gc',
  'runtime/internal': 'runtime',
  'internal/abi': 'runtime',
  'internal/bytealg': 'runtime',
  'internal/sync': 'runtime',
  sync: 'runtime',
  syscall: 'runtime',
  'internal/poll': 'net',
  'internal/syscall': 'runtime',
  'runtime/pprof': 'logging',
  'net/http/pprof': 'logging',

  net: 'net',
  'golang.org/x/net': 'net',
  'google.golang.org/grpc': 'net',
  'github.com/soheilhy/cmux': 'net',
  'github.com/containerd/ttrpc': 'net',
  'sigs.k8s.io/apiserver-network-proxy': 'net',
  'github.com/gorilla/websocket': 'net',
  'github.com/moby/spdystream': 'net',

  'vendor/golang.org/x/net': 'net',
  'vendor/golang.org/x/crypto': 'tls',
  crypto: 'tls',
  'golang.org/x/crypto': 'tls',
  'math/big': 'tls',
  'github.com/go-jose': 'auth',
  'gopkg.in/square/go-jose': 'auth',
  'gopkg.in/go-jose': 'auth',

  compress: 'compression',
  'hash/crc32': 'compression',
  'github.com/klauspost/compress': 'compression',
  'github.com/golang/snappy': 'compression',

  encoding: 'encoding',
  reflect: 'encoding',
  'internal/reflectlite': 'encoding',
  'github.com/gogo/protobuf': 'encoding',
  'github.com/golang/protobuf': 'encoding',
  'google.golang.org/protobuf': 'encoding',
  'github.com/json-iterator/go': 'encoding',
  'github.com/modern-go/reflect2': 'encoding',
  'github.com/fxamacker/cbor': 'encoding',
  'sigs.k8s.io/json': 'encoding',
  'sigs.k8s.io/yaml': 'encoding',
  'gopkg.in/yaml': 'encoding',
  'go.yaml.in/yaml': 'encoding',
  'k8s.io/api': 'encoding',
  'k8s.io/apimachinery/pkg/apis': 'encoding',
  'k8s.io/apimachinery/pkg/runtime': 'encoding',
  'k8s.io/apimachinery/pkg/conversion': 'encoding',
  'k8s.io/apimachinery/pkg/api/resource': 'encoding',
  'k8s.io/apimachinery/pkg/util/json': 'encoding',
  'k8s.io/apimachinery/pkg/util/yaml': 'encoding',
  'k8s.io/kubernetes/pkg/apis': 'encoding',
  'k8s.io/apiserver/pkg/endpoints/handlers/responsewriters': 'encoding',
  'k8s.io/apimachinery/pkg/util/managedfields': 'encoding',
  'k8s.io/apiserver/pkg/endpoints/handlers/fieldmanager': 'encoding',
  'sigs.k8s.io/structured-merge-diff': 'encoding',

  'k8s.io/apiserver': 'request',
  'k8s.io/kubernetes/pkg/registry': 'request',
  'k8s.io/kubernetes/pkg/printers': 'request',
  'k8s.io/kubernetes/pkg/controlplane': 'request',
  'k8s.io/kube-aggregator': 'request',
  'k8s.io/apiextensions-apiserver': 'request',
  'github.com/emicklei/go-restful': 'request',
  'k8s.io/apimachinery/pkg/watch': 'request',

  'k8s.io/apiserver/pkg/authentication': 'auth',
  'k8s.io/apiserver/pkg/authorization': 'auth',
  'k8s.io/apiserver/plugin/pkg/authenticator': 'auth',
  'k8s.io/apiserver/plugin/pkg/authorizer': 'auth',
  'k8s.io/kubernetes/plugin/pkg/auth': 'auth',
  'k8s.io/kubernetes/pkg/serviceaccount': 'auth',
  'k8s.io/kubernetes/pkg/kubeapiserver/authorizer': 'auth',
  'k8s.io/component-helpers/auth': 'auth',

  'k8s.io/apiserver/pkg/admission': 'admission',
  'k8s.io/kubernetes/plugin/pkg/admission': 'admission',
  'k8s.io/apiserver/pkg/util/webhook': 'admission',
  'k8s.io/apiserver/pkg/util/x509metrics': 'admission',

  'k8s.io/apiserver/pkg/storage': 'storage',
  'k8s.io/apiserver/pkg/storage/cacher': 'watch-cache',
  'k8s.io/apiserver/pkg/storage/etcd3': 'storage',
  'github.com/google/btree': 'watch-cache',
  'k8s.io/utils/third_party/forked/golang/btree': 'watch-cache',
  'go.etcd.io/etcd/client': 'storage',
  'go.etcd.io/etcd/clientv3': 'storage',
  'go.etcd.io/etcd/api': 'storage',
  'go.etcd.io/etcd/etcdserver/etcdserverpb': 'storage',
  'go.etcd.io/etcd/mvcc/mvccpb': 'storage',

  'go.etcd.io/etcd': 'etcd',
  'go.etcd.io/bbolt': 'etcd',
  'go.etcd.io/raft': 'etcd',
  'github.com/coreos/etcd': 'etcd',
  'github.com/coreos/bbolt': 'etcd',
  'github.com/boltdb/bolt': 'etcd',

  'k8s.io/client-go': 'client',
  'k8s.io/kubectl': 'client',
  'k8s.io/cli-runtime': 'client',
  'github.com/gregjones/httpcache': 'client',
  'github.com/peterbourgon/diskv': 'client',
  'k8s.io/client-go/tools/cache': 'informer',
  'k8s.io/client-go/informers': 'informer',
  'k8s.io/client-go/listers': 'informer',
  'k8s.io/client-go/util/workqueue': 'informer',
  'k8s.io/client-go/metadata/metadatainformer': 'informer',
  'k8s.io/client-go/dynamic/dynamicinformer': 'informer',
  'k8s.io/client-go/tools/record': 'logging',
  'k8s.io/client-go/tools/events': 'logging',

  'k8s.io/kubernetes/pkg/controller': 'controller',
  'k8s.io/kubernetes/pkg/quota': 'controller',
  'k8s.io/kubernetes/cmd': 'controller',
  'k8s.io/cloud-provider': 'controller',
  'k8s.io/endpointslice': 'controller',
  'sigs.k8s.io/controller-runtime': 'controller',

  'k8s.io/kubernetes/pkg/scheduler': 'scheduling',
  'k8s.io/component-helpers/scheduling': 'scheduling',
  'k8s.io/dynamic-resource-allocation': 'scheduling',

  'k8s.io/kubernetes/pkg/kubelet': 'node',
  'k8s.io/kubernetes/pkg/volume': 'node',
  'k8s.io/kubernetes/pkg/proxy': 'node',
  'k8s.io/cri-api': 'node',
  'k8s.io/cri-client': 'node',
  'k8s.io/mount-utils': 'node',
  'github.com/google/cadvisor': 'node',
  'github.com/containerd': 'node',
  'github.com/opencontainers': 'node',

  'k8s.io/kube-openapi': 'openapi',
  'k8s.io/kubernetes/pkg/generated/openapi': 'openapi',
  'k8s.io/apiserver/pkg/endpoints/openapi': 'openapi',
  'k8s.io/apiserver/pkg/cel': 'openapi',
  'k8s.io/apiextensions-apiserver/pkg/apiserver/schema': 'openapi',
  'k8s.io/apiextensions-apiserver/pkg/apiserver/validation': 'openapi',
  'k8s.io/apiextensions-apiserver/pkg/controller': 'controller',
  'github.com/google/cel-go': 'openapi',
  'github.com/google/gnostic-models': 'openapi',
  'github.com/go-openapi': 'openapi',

  'k8s.io/klog': 'logging',
  'k8s.io/component-base/logs': 'logging',
  'k8s.io/component-base/metrics': 'logging',
  'k8s.io/component-base/tracing': 'logging',
  'k8s.io/apiserver/pkg/audit': 'logging',
  'k8s.io/apiserver/plugin/pkg/audit': 'logging',
  'k8s.io/apiserver/pkg/endpoints/metrics': 'logging',
  'k8s.io/utils/trace': 'logging',
  'github.com/go-logr': 'logging',
  'github.com/prometheus': 'logging',
  'github.com/sirupsen/logrus': 'logging',
  'go.opentelemetry.io': 'logging',
  'go.uber.org/zap': 'logging',
  log: 'logging',
}

/** The packages of the standard library that no row above names. */
export const STANDARD_LIBRARY = words(`
  bufio bytes cmp container context database debug embed errors expvar flag fmt go hash html image index internal io iter
  maps math mime os path plugin regexp slices sort strconv strings structs testing text time unicode unique unsafe vendor
  weak`)

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/)
}
