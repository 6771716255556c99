/**
 * One running process that can be captured, and how to reach it. It holds no secret, so rows, logs
 * and responses may contain it.
 */
export interface ProcessAddress {
  /**
   * Identifies the process independently of its target: `cluster/component/host:port`, or the URL
   * when the cluster is unknown. Two captures of one key never run at once.
   */
  readonly key: string
  /** Name of the target that found it. */
  readonly target: string
  /** As in profiles: `kube-apiserver`, `etcd`, ... Null for an unknown program. */
  readonly component: string | null
  /** The node, pod or `host:port` that serves it. */
  readonly instance: string
  /** Name of the cluster it belongs to. */
  readonly cluster: string | null
  readonly route: ProcessRoute
  /** The path before `/metrics` and other endpoints, without a trailing slash; usually empty. */
  readonly pathPrefix: string
  /** Path of the profiles under `pathPrefix`: `/debug/pprof`. */
  readonly pprofPath: string
  /** The kinds requested by an annotation of the pod; null for the default kinds. */
  readonly kinds: readonly string[] | null
  /**
   * Whether every request reaches the same process. A load balancer may send each to another one;
   * cumulative profiles cannot be subtracted then.
   */
  readonly isIdentityStable: boolean
  /**
   * A note for readers of the result: that the instances behind it could not be listed, and why.
   */
  readonly note: string | null
}

export type ProcessRoute =
  /**
   * Directly to a host. `serverName` is the name its certificate must have; null for the host of
   * the URL.
   */
  | { readonly via: 'direct'; readonly origin: string; readonly serverName: string | null }
  | { readonly via: 'unix'; readonly socketPath: string }
  /** The API server in the kubeconfig, whichever instance answers. */
  | { readonly via: 'api-server' }
  /** Through the cluster's API server: `/api/v1/nodes/NAME/proxy`. */
  | { readonly via: 'node-proxy'; readonly node: string }
  /** Through a tunnel of the API server and the kubelet, to a port on loopback of the pod's network. */
  | {
      readonly via: 'port-forward'
      readonly namespace: string
      readonly pod: string
      readonly port: number
      readonly scheme: 'http' | 'https'
    }
