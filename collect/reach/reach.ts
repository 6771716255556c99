import type { ProcessAddress, TargetSpec } from '../../store/index.ts'
import { AppError } from '../../api/errors.ts'
import { type AddressRules, type AddressSource, addressRules } from './net/address-rules.ts'
import { type Cluster, openCluster } from './kube/cluster.ts'
import { type CredentialSource, credentialSource } from './net/credentials.ts'
import { type Resolve, resolveBySystem } from './net/resolve-name.ts'
import { discoverProcesses } from './discover/discover-processes.ts'
import type { Discovery } from './discover/discovery.ts'
import { INTERACTIVE_PLUGIN_MS_MAX } from './kube/kubeconfig.ts'
import { openConnection } from './open-connection.ts'
import type { ProcessConnection } from './process-connection.ts'
import { readVerbosity } from './read-verbosity.ts'
import { type ClusterSpec, NO_CREDENTIALS_SPEC } from './target-spec.ts'

/** The only outbound path of kubeprof to targets. It caches the credentials of clusters, and their connections. */
export interface Reach {
  /** Discovers the processes of a target. Throws why it cannot: TARGET_FORBIDDEN, TARGET_NO_PROCESS, ... */
  discoverProcesses(target: TargetSpec, signal?: AbortSignal): Promise<Discovery>
  /** Opens the connection to a process discovered for `target`. Throws TARGET_CREDENTIALS or TARGET_INVALID. */
  openConnection(target: TargetSpec, address: ProcessAddress): Promise<ProcessConnection>
  /** The log level that a process was started with; null where it is unknown. */
  readVerbosity(
    target: TargetSpec,
    address: ProcessAddress,
    signal?: AbortSignal,
  ): Promise<number | null>
  /** A cluster by name. Throws TARGET_INVALID. */
  cluster(name: string): Cluster
  close(): void
}

export interface ReachOptions {
  readonly clusters: readonly ClusterSpec[]
  /** Extra ranges of addresses that are allowed: `10.0.0.0/8`. Null allows everything. */
  readonly allow: readonly string[] | null
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether credential plugins may prompt on the terminal. */
  readonly isInteractive: boolean
  readonly pluginMsMax?: number
  /** The folder of the service account's `token` and `ca.crt`, if not the usual one. */
  readonly serviceAccountFolder?: string
  readonly resolve?: Resolve
  readonly now?: () => number
}

/** The limit for a plugin that cannot prompt. */
const PLUGIN_MS_MAX = 30_000

export function openReach(options: ReachOptions): Reach {
  const { resolve = resolveBySystem, now = Date.now } = options
  const rules: AddressRules =
    options.allow === null ? { refusalOf: () => null } : addressRules(options.allow)
  const pluginMsMax =
    options.pluginMsMax ?? (options.isInteractive ? INTERACTIVE_PLUGIN_MS_MAX : PLUGIN_MS_MAX)
  const clusters = new Map(
    options.clusters.map((spec) => [
      spec.name,
      openCluster(spec.name, {
        ...options,
        access: spec.access,
        pluginMsMax,
        now,
        // Users expect the proxy variables that kubectl reads; a service uses only its file.
        proxyEnv: options.allow === null ? options.env : {},
      }),
    ]),
  )
  const clusterNamed = (name: string) => {
    const cluster = clusters.get(name)
    if (cluster === undefined) {
      const message = `There is no cluster ${JSON.stringify(name)}.`
      throw new AppError('TARGET_INVALID', { message })
    }
    return cluster
  }
  const clusterOf = ({ cluster, namedBy }: TargetSpec) =>
    // Targets made over HTTP get none of the cluster's credentials; the name is only shown.
    cluster === null || namedBy === 'user' ? null : clusterNamed(cluster)
  return {
    cluster: clusterNamed,
    discoverProcesses: (target, signal) =>
      discoverProcesses(target, {
        rules,
        resolve,
        source: addressSource(target),
        cluster: clusterOf(target),
        ...(signal && { signal }),
      }),
    openConnection: async (target, address) => {
      if (target.namedBy === 'user' && address.route.via !== 'direct') {
        throw new AppError('TARGET_INVALID', {
          message: 'Only an operator may name such a target.',
        })
      }
      const cluster = clusterOf(target)
      return await openConnection(address, {
        rules,
        resolve,
        cluster,
        source: addressSource(target),
        credentials: credentialsFor(target, { address, cluster, now }),
      })
    },
    readVerbosity: async (target, address, signal) => {
      const cluster = clusterOf(target)
      if (cluster === null) return null
      return await readVerbosity(address, { cluster, ...(signal && { signal }) })
    },
    close() {
      for (const cluster of clusters.values()) cluster.close()
    },
  }
}

/** Where the address of the process comes from. */
function addressSource({ find, namedBy }: TargetSpec): AddressSource {
  if (namedBy === 'user') return 'user'
  return find.kind === 'url' || find.kind === 'unix' ? 'operator' : 'discovered'
}

interface CredentialNeeds {
  readonly address: ProcessAddress
  readonly cluster: Cluster | null
  readonly now: () => number
}

function credentialsFor(target: TargetSpec, needs: CredentialNeeds): CredentialSource {
  const { find, credentials, namedBy } = target
  const { address, cluster, now } = needs
  // Anyone who may edit a pod or make targets over HTTP could send the credentials anywhere.
  const isTrusted = find.kind !== 'pods' && namedBy === 'operator'
  const spec = isTrusted ? credentials : { ...NO_CREDENTIALS_SPEC, tls: credentials.tls }
  const isTunnel = address.route.via === 'port-forward'
  // Processes on loopback sign their own certificate at each start, and the tunnel ends at that process.
  const isVerified = spec.tls.isVerified && !(isTunnel && spec.tls.caFile === null)
  const isApiServer = find.kind === 'apiservers'
  return credentialSource(
    { ...spec, tls: { ...spec.tls, isVerified } },
    { cluster: cluster?.credentials ?? null, isApiServer, now },
  )
}
