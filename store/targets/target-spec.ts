/** What an operator wants captured: one or several processes. Stored as JSON. */
export interface TargetSpec {
  /** `[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?` */
  readonly name: string
  readonly find: TargetFind
  /** Name of the cluster that contains it and whose credentials reach it. */
  readonly cluster: string | null
  /** Null when it follows from `find` or from the profiles. */
  readonly component: string | null
  readonly credentials: CredentialsSpec
  /**
   * `operator` for targets from the targets file or the command line; `user` for targets added over
   * HTTP, whose private addresses must be allowed.
   */
  readonly namedBy: 'operator' | 'user'
  /** Discovery leaves out processes beyond this number and reports it. */
  readonly processesMax: number
}

export type TargetFind =
  /** The URL before `/debug/pprof/`: `http://10.0.0.1:6060`. */
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'unix'; readonly socketPath: string }
  /**
   * Every kube-apiserver of the cluster. `instances` finds them by their addresses; `server` asks
   * the server of the kubeconfig, whichever instance answers; `auto` falls back from the first to
   * the second.
   */
  | { readonly kind: 'apiservers'; readonly reach: 'auto' | 'instances' | 'server' }
  /** Static pods of the control plane, by their label `component`. */
  | ControlPlaneFind
  | KubeletsFind
  | PodsFind

export interface ControlPlaneFind {
  readonly kind: 'control-plane'
  readonly component: ControlPlaneComponent
  /** `leader`: the holder of the Lease. Etcd has no Lease: `all`. */
  readonly only: 'leader' | 'all'
  /** `direct`: to the pod's address, which must listen there. */
  readonly reach: 'port-forward' | 'direct'
  /** Null for `kube-system`. */
  readonly namespace: string | null
  /** Null for the component's default. */
  readonly port: number | null
}

export type ControlPlaneComponent =
  | 'kube-controller-manager'
  | 'kube-scheduler'
  | 'cloud-controller-manager'
  | 'kube-proxy'
  | 'etcd'

export interface KubeletsFind {
  readonly kind: 'kubelets'
  /** `node-proxy` needs `get nodes/proxy`, which is as good as a shell on the node. */
  readonly reach: 'node-proxy' | 'direct'
  /** Null for all. */
  readonly nodes: readonly string[] | null
  readonly labelSelector: string | null
  /** For `direct`; null for the kubelet port in the node's status. */
  readonly port: number | null
  readonly scheme: 'http' | 'https'
}

/**
 * Pods get no credentials, even when the target has some: anyone who may edit a pod could have them
 * sent anywhere.
 */
export interface PodsFind {
  readonly kind: 'pods'
  readonly namespaces: readonly string[]
  readonly labelSelector: string | null
  /** Whether only pods with the annotation `kubeprof.dev/scrape: "true"` are found. */
  readonly isAnnotated: boolean
  readonly reach: 'direct' | 'port-forward'
  /** Used when the pod has no annotation. */
  readonly port: number | null
  readonly scheme: 'http' | 'https'
}

/** Where credentials come from. Paths, never secrets. */
export type CredentialsSpec =
  | { readonly from: 'none'; readonly tls: TlsSpec }
  /** The credentials of the target's cluster: only for its own components. */
  | { readonly from: 'cluster'; readonly tls: TlsSpec }
  | {
      readonly from: 'files'
      readonly tls: TlsSpec
      /** Read again every minute, and after a refusal. */
      readonly tokenFile: string | null
      readonly basic: { readonly username: string; readonly passwordFile: string } | null
      readonly certFile: string | null
      readonly keyFile: string | null
    }

export interface TlsSpec {
  /** Certificate authorities in addition to the cluster's; null for those of the system. */
  readonly caFile: string | null
  readonly serverName: string | null
  /** False only by explicit choice: credentials may then reach an impostor. */
  readonly isVerified: boolean
}
