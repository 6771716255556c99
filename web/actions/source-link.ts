/** What is known of the program that a profile is of. */
export interface ProgramVersions {
  /** `v1.30.4`, or a bound such as `>=1.30`; `null` if unknown. */
  readonly kubernetes: string | null
  /** `go1.22.5`, or a bound; `null` if unknown. */
  readonly go: string | null
}

/** Repositories of modules that are not named after one. The longest prefix counts. */
const REPOSITORIES: readonly (readonly [modulePrefix: string, repository: string])[] = [
  ['go.etcd.io/etcd', 'etcd-io/etcd'],
  ['go.etcd.io/bbolt', 'etcd-io/bbolt'],
  ['go.etcd.io/raft', 'etcd-io/raft'],
  ['google.golang.org/grpc', 'grpc/grpc-go'],
  ['google.golang.org/protobuf', 'protocolbuffers/protobuf-go'],
  ['google.golang.org/genproto', 'googleapis/go-genproto'],
  ['go.uber.org/', 'uber-go/'],
  ['golang.org/x/', 'golang/'],
  ['go.opentelemetry.io/otel', 'open-telemetry/opentelemetry-go'],
  ['go.opentelemetry.io/proto', 'open-telemetry/opentelemetry-proto-go'],
  ['go.opentelemetry.io/contrib', 'open-telemetry/opentelemetry-go-contrib'],
  ['sigs.k8s.io/', 'kubernetes-sigs/'],
  ['k8s.io/', 'kubernetes/'],
  ['github.com/', ''],
]

/** Modules whose major version is a folder of their repository, beside those of other versions. */
const VERSIONED_FOLDER = /^client\/v[23]$/

/**
 * The address of a source line at the version that was running, from the path that the compiler recorded; `null` where
 * the repository or the version is not known for certain.
 */
export function sourceLink(file: string, line: number, versions: ProgramVersions): string | null {
  const fragment = line > 0 ? `#L${line}` : ''
  const found = placeOf(file, versions)
  if (found === null) return null
  const path = found.path.split('/').map(encodeURIComponent).join('/')
  return `https://github.com/${found.repository}/blob/${encodeURIComponent(found.ref)}/${path}${fragment}`
}

function placeOf(file: string, versions: ProgramVersions): SourcePlace | null {
  // In the sources of Kubernetes the modules of `staging` have no version of their own.
  const staged = /(?:^|\/)(k8s\.io\/[^@]+)@v0\.0\.0(\/.+)$/.exec(file)
  if (staged !== null) return ofKubernetes(`${staged[1]}${staged[2]}`, versions)
  if (file.includes('@')) return ofModule(file)
  return ofKubernetes(file, versions) ?? ofGo(file, versions)
}

interface SourcePlace {
  readonly repository: string
  /** A tag, branch or commit. */
  readonly ref: string
  readonly path: string
}

/** `.../pkg/mod/go.etcd.io/etcd/server/v3@v3.5.9/etcdserver/server.go`, or the same without its beginning. */
function ofModule(file: string): SourcePlace | null {
  const match = /^(?:.*\/mod\/)?([^@]+)@(v[^/]+)\/(.+)$/.exec(file)
  if (match === null) return null
  const [, module = '', version = '', rest = ''] = match
  const modulePath = hosted(
    module.replaceAll(/!([a-z])/g, (_, letter: string) => letter.toUpperCase()),
  )
  const known = REPOSITORIES.find(([prefix]) => modulePath.startsWith(prefix))
  if (known === undefined) return null
  const [prefix, target] = known
  const isWhole = target !== '' && !target.endsWith('/')
  const words = modulePath
    .slice(prefix.length)
    .split('/')
    .filter((word) => word !== '')
  const ownCount = isWhole ? 0 : target === '' ? 2 : 1
  const repository = target + words.slice(0, ownCount).join('/')
  const whole = words.slice(ownCount).join('/')
  const isVersioned = repository === 'etcd-io/etcd' && VERSIONED_FOLDER.test(whole)
  const folder = isVersioned ? whole : whole.replace(/(^|\/)v\d+$/, '')
  const commit = /-(?:0\.)?\d{14}-([0-9a-f]{12})/.exec(version)?.[1]
  const tag = version.replace(/\+incompatible$/, '')
  // The repository of etcd has a tag for each release as a whole, as others have one for each folder.
  const isTaggedAsWhole = folder === '' || repository === 'etcd-io/etcd'
  return {
    repository,
    ref: commit ?? (isTaggedAsWhole ? tag : `${folder}/${tag}`),
    path: folder === '' ? rest : `${folder}/${rest}`,
  }
}

/** Where gopkg.in has its modules from: `gopkg.in/user/name.v1`, or `gopkg.in/name.v1` of a user of that name. */
function hosted(modulePath: string): string {
  const [, user, name] = /^gopkg\.in\/(?:([^/]+)\/)?([^/]+)\.v\d+$/.exec(modulePath) ?? []
  return name === undefined ? modulePath : `github.com/${user ?? `go-${name}`}/${name}`
}

/** Kubernetes' own packages, those that live in its `staging` folder, and what it vendors. */
function ofKubernetes(file: string, { kubernetes }: ProgramVersions): SourcePlace | null {
  const ref = /^v\d+\.\d+\.\d+/.exec(kubernetes ?? '')?.[0]
  if (ref === undefined) return null
  const own = /(?:^|\/)k8s\.io\/kubernetes\/(.+)$/.exec(file)?.[1]
  const repository = 'kubernetes/kubernetes'
  if (own !== undefined) {
    const staged = /^(?:vendor|staging\/src)\/(k8s\.io\/.+)$/.exec(own)?.[1]
    const isStaged = staged !== undefined && isStagedPath(staged)
    return { repository, ref, path: isStaged ? `staging/src/${staged}` : own }
  }
  const staged = /(?:^|\/)(k8s\.io\/.+)$/.exec(file)?.[1]
  if (staged !== undefined && isStagedPath(staged)) {
    return { repository, ref, path: `staging/src/${staged}` }
  }
  const vendored =
    /^(?:vendor\/)?((?:github\.com|go\.etcd\.io|google\.golang\.org|golang\.org|sigs\.k8s\.io|k8s\.io|go\.uber\.org|gopkg\.in|go\.opentelemetry\.io)\/.+)$/.exec(
      file,
    )?.[1]
  return vendored === undefined ? null : { repository, ref, path: `vendor/${vendored}` }
}

/** Modules under `k8s.io/` that have a repository of their own and are vendored. */
function isStagedPath(path: string): boolean {
  return !/^k8s\.io\/(klog|utils|kube-openapi|gengo|system-validators)\//.test(path)
}

/** `/usr/local/go/src/runtime/mgc.go`, or `runtime/mgc.go` with `-trimpath`. */
function ofGo(file: string, { go }: ProgramVersions): SourcePlace | null {
  const ref = /^go\d+\.\d+(?:\.\d+)?(?:rc\d+|beta\d+)?$/.exec(go ?? '')?.[0]
  if (ref === undefined) return null
  const inRoot = /\/go[^/]*\/src\/(.+)$/.exec(file)?.[1]
  const path = inRoot ?? file
  const isStandard = !path.startsWith('/') && !(path.split('/')[0] ?? '').includes('.')
  return isStandard ? { repository: 'golang/go', ref, path: `src/${path}` } : null
}
