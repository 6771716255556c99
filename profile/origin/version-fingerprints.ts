/** A function that only some minor versions have. */
export interface VersionFingerprint {
  /** Of the normalised name; of the raw name where `isRaw`. */
  readonly pattern: RegExp
  readonly isRaw?: boolean
  /** The first and the last minor version that has it. */
  readonly since?: number
  readonly until?: number
}

/** Minor versions of Kubernetes 1.x, and of the libraries of that release. From the sources of 1.20 to 1.37. */
export const KUBERNETES_FINGERPRINTS: readonly VersionFingerprint[] = [
  // Modules replaced GOPATH builds in https://github.com/kubernetes/kubernetes/pull/109464.
  { pattern: /^k8s\.io\/kubernetes\/vendor\//, isRaw: true, until: 24 },
  { pattern: /\/storage\/etcd3\.\(\*store\)\.List(\.func|$)/, until: 23 },
  { pattern: /\/storage\/cacher\.\(\*Cacher\)\.GetToList/, until: 23 },
  { pattern: /\/storage\/etcd3\.appendListItem/, until: 29 },
  { pattern: /\/storage\/etcd3\.decodeListItem/, since: 30, until: 31 },
  { pattern: /\/storage\/etcd3\.\(\*defaultDecoder\)/, since: 32 },
  { pattern: /\/storage\/cacher\.\(\*CacheDelegator\)/, since: 33 },
  { pattern: /\/storage\/cacher\/store\.\(\*threadedStoreIndexer\)/, since: 36 },
  { pattern: /\/endpoints\/handlers\.handleList/, since: 36 },
  { pattern: /^k8s\.io\/apiserver\/pkg\/endpoints\/handlers\/fieldmanager\./, until: 26 },
  { pattern: /^k8s\.io\/apimachinery\/pkg\/util\/managedfields/, since: 27 },
  { pattern: /\/handlers\.\(\*WatchServer\)\.ServeHTTP/, until: 29 },
  { pattern: /\/handlers\.\(\*WatchServer\)\.HandleHTTP/, since: 30 },
  { pattern: /\/client-go\/listers\.ResourceIndexer\[/, since: 31 },
  { pattern: /\/client-go\/util\/workqueue\.\(\*Typed\[/, since: 31 },
  { pattern: /\/client-go\/tools\/cache\.\(\*RealFIFO\)/, since: 33 },
  { pattern: /\/structured-merge-diff\/v6\//, since: 34 },
  { pattern: /\/structured-merge-diff\/v4\//, until: 33 },
  { pattern: /^k8s\.io\/kubernetes\/pkg\/scheduler\/backend\//, since: 31 },
  { pattern: /^k8s\.io\/kubernetes\/pkg\/scheduler\/internal\//, until: 32 },
  { pattern: /^k8s\.io\/kubernetes\/pkg\/kubelet\/pleg\.\(\*GenericPLEG\)\.Relist/, since: 26 },
]

/** Minor versions of Go 1.x. From the sources of 1.13 to 1.26. */
export const GO_FINGERPRINTS: readonly VersionFingerprint[] = [
  { pattern: /^runtime\.timerproc$/, until: 13 },
  { pattern: /^runtime\.runtimer$/, since: 14, until: 22 },
  { pattern: /^runtime\.\(\*timers\)/, since: 23 },
  { pattern: /^runtime\.findrunnable$/, until: 19 },
  { pattern: /^runtime\.findRunnable$/, since: 18 },
  { pattern: /^runtime\/internal\/syscall\./, until: 22 },
  { pattern: /^internal\/runtime\/syscall\./, since: 23 },
  { pattern: /\.gowrap\d+$/, since: 22 },
  { pattern: /·dwrap·\d+$/, since: 17, until: 17 },
  { pattern: /^runtime\.gcDrainMarkWorkerIdle$/, since: 22 },
  { pattern: /\[go\.shape\./, isRaw: true, since: 21 },
  { pattern: /^internal\/sync\./, since: 24 },
  { pattern: /^internal\/runtime\/maps\./, since: 24 },
  { pattern: /^crypto\/internal\/fips140\//, since: 24 },
  { pattern: /^runtime\.mallocgcSmallNoscan$/, since: 24 },
  { pattern: /^runtime\.mallocgcSmall\w*SC\d+$/, since: 26 },
  { pattern: /^internal\/runtime\/gc\/scan\./, since: 26 },
]

/** Minor versions of etcd 3.x, by the folders that its server's code is in. From the sources of 3.3 to 3.6. */
export const ETCD_FINGERPRINTS: readonly VersionFingerprint[] = [
  { pattern: /^github\.com\/coreos\/etcd\//, until: 3 },
  {
    pattern: /^go\.etcd\.io\/etcd\/(etcdserver|etcdmain|embed|mvcc|lease|wal|auth)[./]/,
    since: 4,
    until: 4,
  },
  { pattern: /^go\.etcd\.io\/etcd\/server\/v3\//, since: 5 },
  { pattern: /^go\.etcd\.io\/etcd\/raft\/v3[./]/, since: 5, until: 5 },
  { pattern: /^go\.etcd\.io\/etcd\/server\/v3\/(mvcc|wal)[./]/, until: 5 },
  { pattern: /^go\.etcd\.io\/etcd\/server\/v3\/storage\//, since: 6 },
  { pattern: /^go\.etcd\.io\/raft\/v3[./]/, since: 6 },
]

/**
 * The minor versions of `major` that all functions seen allow, as `1.30-1.31`, `1.30`, `>=1.33` or `<=1.24`; else `null`.
 */
export function versionRange(
  fingerprints: readonly VersionFingerprint[],
  names: readonly string[],
  rawNames: readonly string[],
  major = 1,
): string | null {
  let since = -Infinity
  let until = Infinity
  for (const { pattern, isRaw = false, ...fingerprint } of fingerprints) {
    if (!(isRaw ? rawNames : names).some((name) => pattern.test(name))) continue
    since = Math.max(since, fingerprint.since ?? since)
    until = Math.min(until, fingerprint.until ?? until)
  }
  if (since > until) return null
  if (since === -Infinity) return until === Infinity ? null : `<=${major}.${until}`
  if (until === Infinity) return `>=${major}.${since}`
  return since === until ? `${major}.${since}` : `${major}.${since}-${major}.${until}`
}
