/** What an operator names to be captured: found as one process or several. Rows hold it as JSON. */
export interface TargetSpec {
  /** `[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?` */
  readonly name: string
  readonly find: TargetFind
  /** Name of the cluster that it is found in, and whose credentials reach it. */
  readonly cluster: string | null
  /** Null where it follows from `find`, or from the profiles themselves. */
  readonly component: string | null
  readonly credentials: CredentialsSpec
  /**
   * `operator` for what stands in a file of whoever runs kubeprof, or on their command line; `user` for what came over
   * HTTP: then private addresses need to be allowed.
   */
  readonly namedBy: 'operator' | 'user'
  /** More processes than this are left out, and the discovery says so. */
  readonly processesMax: number
}

export type TargetFind =
  /** What stands before `/debug/pprof/`: `http://10.0.0.1:6060`. */
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'unix'; readonly socketPath: string }
  /**
   * Every kube-apiserver of the cluster. `instances` finds them by their addresses; `server` asks the server of the
   * kubeconfig, whoever answers; `auto` does the second where the first cannot be done.
   */
  | { readonly kind: 'apiservers'; readonly reach: 'auto' | 'instances' | 'server' }
  /** Static pods of the control plane, by their label `component`. */
  | ControlPlaneFind
  | KubeletsFind
  | PodsFind

export interface ControlPlaneFind {
  readonly kind: 'control-plane'
  readonly component: ControlPlaneComponent
  /** `leader`: the one that holds the Lease. Etcd has none: `all`. */
  readonly only: 'leader' | 'all'
  /** `direct`: to the pod's address, which must listen there. */
  readonly reach: 'port-forward' | 'direct'
  /** Null for `kube-system`. */
  readonly namespace: string | null
  /** Null for the component's own. */
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
  /** For `direct`; null for the port that the node tells. */
  readonly port: number | null
  readonly scheme: 'http' | 'https'
}

/** Pods get no credentials, whatever the target's are: whoever may edit a pod could have them sent anywhere. */
export interface PodsFind {
  readonly kind: 'pods'
  readonly namespaces: readonly string[]
  readonly labelSelector: string | null
  /** Whether only pods count that ask for it by `kubeprof.dev/scrape: "true"`. */
  readonly isAnnotated: boolean
  readonly reach: 'direct' | 'port-forward'
  /** Where the pod has no annotation. */
  readonly port: number | null
  readonly scheme: 'http' | 'https'
}

/** Where credentials come from. Paths, never secrets. */
export type CredentialsSpec =
  | { readonly from: 'none'; readonly tls: TlsSpec }
  /** Those of the target's cluster: for its own components alone. */
  | { readonly from: 'cluster'; readonly tls: TlsSpec }
  | {
      readonly from: 'files'
      readonly tls: TlsSpec
      /** Read again every minute, and when it is refused. */
      readonly tokenFile: string | null
      readonly basic: { readonly username: string; readonly passwordFile: string } | null
      readonly certFile: string | null
      readonly keyFile: string | null
    }

export interface TlsSpec {
  /** Authorities beside those of the cluster; null for the system's. */
  readonly caFile: string | null
  readonly serverName: string | null
  /** False only by explicit choice: credentials may then go to whoever answers. */
  readonly isVerified: boolean
}
