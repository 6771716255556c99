import { normaliseFuncName } from '../names/func-names.ts'
import { inferComponent } from './infer-component.ts'
import type { Profile } from '../types.ts'
import {
  ETCD_FINGERPRINTS,
  GO_FINGERPRINTS,
  KUBERNETES_FINGERPRINTS,
  versionRange,
} from './version-fingerprints.ts'

/** The process that a profile is from, inferred from file names and functions. */
export interface ProfileOrigin {
  /** `kube-apiserver`, `etcd`, `kubectl`, ...; otherwise the binary's own name; `null` without one. */
  readonly component: string | null
  /**
   * Of Kubernetes, or of the Kubernetes libraries in a client: `v1.30.4` where module paths contain it, else what the
   * functions imply: `1.30-1.31`, `>=1.33`, `<=1.24`. `null` without a sign of Kubernetes.
   */
  readonly kubernetesVersion: string | null
  /** `1.22.5` if the toolchain's path contains it, else `1.14-1.22`, `>=1.24`, ... */
  readonly goVersion: string | null
  /** Of etcd itself, by what its functions imply: `3.4`, `>=3.6`. `null` in its clients, which may ask any. */
  readonly etcdVersion: string | null
}

export function inferOrigin(profile: Profile): ProfileOrigin {
  const { funcs, strings } = profile
  const names: string[] = []
  const rawNames: string[] = []
  const files = new Set<string>()
  for (let func = 0; func < funcs.length; func++) {
    rawNames.push(strings[funcs.name[func]])
    names.push(normaliseFuncName(strings[funcs.name[func]]))
    files.add(strings[funcs.file[func]])
  }
  const component = inferComponent(profile, names)
  return {
    component,
    kubernetesVersion:
      moduleVersion(files) ?? versionRange(KUBERNETES_FINGERPRINTS, names, rawNames),
    goVersion: toolchainVersion(files) ?? versionRange(GO_FINGERPRINTS, names, rawNames),
    etcdVersion: component === 'etcd' ? versionRange(ETCD_FINGERPRINTS, names, rawNames, 3) : null,
  }
}

/** Kubernetes itself and the libraries it publishes with each release as v0.MINOR.PATCH, most specific first. */
const KUBERNETES_MODULES = [
  'kubernetes',
  'apiserver',
  'kube-aggregator',
  'apiextensions-apiserver',
  'client-go',
  'apimachinery',
  'api',
  'component-base',
]
const KUBERNETES_MODULE =
  /(?:^|\/)k8s\.io\/(kubernetes|apiserver|kube-aggregator|apiextensions-apiserver|client-go|apimachinery|api|component-base)@v[01]\.(\d+)\.(\d+)\//

/** A module that is replaced by a folder is v0.0.0, whatever its version. */
function moduleVersion(files: ReadonlySet<string>): string | null {
  const versions = new Map<string, string>()
  for (const file of files) {
    const match = KUBERNETES_MODULE.exec(file)
    if (match === null || match[2] === '0') continue
    if (!versions.has(match[1])) versions.set(match[1], `v1.${match[2]}.${match[3]}`)
  }
  const module = KUBERNETES_MODULES.find((name) => versions.has(name))
  return module === undefined ? null : (versions.get(module) ?? null)
}

/** `/root/go/pkg/mod/golang.org/toolchain@v0.0.1-go1.22.5.linux-amd64/src/`, `/usr/local/go1.22.5/src/`. */
const TOOLCHAIN =
  /\/(?:toolchain@v[\d.]+-)?go(1\.\d+(?:\.\d+|rc\d+)?)(?:\.[a-z]+-[a-z0-9]+)?\/src\//

function toolchainVersion(files: ReadonlySet<string>): string | null {
  for (const file of files) {
    const match = TOOLCHAIN.exec(file)
    if (match !== null) return match[1]
  }
  return null
}
