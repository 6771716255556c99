/** One running process that can be captured, and the way to it. It holds no secret: rows, logs and answers may have it. */
export interface ProcessAddress {
  /**
   * The process, whatever target it was found by: `cluster/component/host:port`, or the URL where no cluster is known.
   * Two captures of one key never run at once.
   */
  readonly key: string
  /** Name of the target it was found by. */
  readonly target: string
  /** As in profiles: `kube-apiserver`, `etcd`, ... Null for a program we know nothing of. */
  readonly component: string | null
  /** The node, pod or `host:port` that answers. */
  readonly instance: string
  /** Name of the cluster it belongs to. */
  readonly cluster: string | null
  readonly route: ProcessRoute
  /** What stands before `/metrics` and all else, without a slash at its end; mostly empty. */
  readonly pathPrefix: string
  /** Where profiles lie under `pathPrefix`: `/debug/pprof`. */
  readonly pprofPath: string
  /** The kinds that the process itself asks to be taken of it, by an annotation; null for the usual ones. */
  readonly kinds: readonly string[] | null
  /**
   * Whether the same process answers each time. A load balancer may hand every request to another one: then cumulative
   * profiles cannot be subtracted.
   */
  readonly isIdentityStable: boolean
  /** What whoever reads the result should know: that the instances behind it could not be listed, and why. */
  readonly note: string | null
}

export type ProcessRoute =
  /** Straight to a host. `serverName` is the name that its certificate must have, null for that of the URL. */
  | { readonly via: 'direct'; readonly origin: string; readonly serverName: string | null }
  | { readonly via: 'unix'; readonly socketPath: string }
  /** The API server of the cluster, as its kubeconfig names it, whichever answers. */
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
