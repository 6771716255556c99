import type { Random } from './seeded-random.ts'

export interface GoLikeLine {
  /** A row of the functions. */
  readonly func: number
  readonly line: number
}

export interface GoLikeLocation {
  readonly id: number
  readonly address: number
  /** Leaf first, as profile.proto has them; more than one where calls are inlined. */
  readonly lines: readonly GoLikeLine[]
  /** Rows of the functions that may be called from here. */
  readonly callees: readonly number[]
}

export interface GoLikeFunc {
  readonly name: string
  readonly file: string
  readonly startLine: number
  readonly locations: readonly GoLikeLocation[]
}

const FUNC_COUNT = 3000
const LOCATIONS_MAX = 8
const CALLEES = 12
const INLINED_SHARE = 0.2
const PACKAGES = [
  'k8s.io/apiserver/pkg/endpoints/handlers',
  'k8s.io/apiserver/pkg/endpoints/filters',
  'k8s.io/apiserver/pkg/storage/cacher',
  'k8s.io/apiserver/pkg/storage/etcd3',
  'k8s.io/apimachinery/pkg/runtime/serializer/protobuf',
  'k8s.io/apimachinery/pkg/apis/meta/v1',
  'k8s.io/api/core/v1',
  'k8s.io/client-go/tools/cache',
  'k8s.io/kubernetes/pkg/registry/core/pod',
  'go.etcd.io/etcd/client/v3',
  'google.golang.org/grpc/internal/transport',
  'golang.org/x/net/http2',
  'net/http',
  'encoding/json',
  'compress/flate',
  'crypto/tls',
  'runtime',
  'reflect',
  'strings',
  'sync',
]
const TYPES = [
  'store',
  'Cacher',
  'conn',
  'Encoder',
  'watchCache',
  'Request',
  'Pod',
  'Buffer',
  'Type',
  'Codec',
]
const VERBS = [
  'Get',
  'List',
  'Watch',
  'Encode',
  'Decode',
  'Serve',
  'Write',
  'Read',
  'Convert',
  'Copy',
]
const NOUNS = [
  'Object',
  'Stream',
  'Items',
  'Event',
  'Frame',
  'Value',
  'Field',
  'Header',
  'Key',
  'Chunk',
]

/** Functions with names of the kind that Kubernetes has, their locations and whom they call. */
export function makeFuncs(random: Random): readonly GoLikeFunc[] {
  let id = 0
  return Array.from({ length: FUNC_COUNT }, (_, func) => {
    const packagePath = random.pick(PACKAGES)
    const noun = `${random.pick(NOUNS)}${func}`
    const callees = Array.from({ length: CALLEES }, () => random.below(FUNC_COUNT))
    const locations = Array.from({ length: 1 + random.below(LOCATIONS_MAX) }, (_, place) => {
      const line = { func, line: 100 + place * 7 }
      const inlined = { func: random.below(FUNC_COUNT), line: 20 }
      const lines = random.next() < INLINED_SHARE ? [inlined, line] : [line]
      return { id: ++id, address: 0x400000 + id * 48, lines, callees }
    })
    return {
      name: `${packagePath}.(*${random.pick(TYPES)}).${random.pick(VERBS)}${noun}`,
      file: `${packagePath}/${noun.toLowerCase()}.go`,
      startLine: 90,
      locations,
    }
  })
}
