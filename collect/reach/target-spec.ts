import type { CredentialsSpec, TlsSpec } from '../../store/index.ts'

export const DEFAULT_TLS: TlsSpec = { caFile: null, serverName: null, isVerified: true }
export const NO_CREDENTIALS_SPEC: CredentialsSpec = { from: 'none', tls: DEFAULT_TLS }

/** A cluster by kubeconfig, or the one that kubeprof runs in. */
export interface ClusterSpec {
  readonly name: string
  readonly access:
    | {
        readonly kind: 'kubeconfig'
        readonly paths: readonly string[]
        readonly context: string | null
        /** Whether it may run credential plugins, which are arbitrary programs. */
        readonly allowsExec: boolean
      }
    | { readonly kind: 'in-cluster' }
}
