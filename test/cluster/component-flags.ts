import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Certificates } from './certificates.ts'
import type { Ports } from './free-ports.ts'
import { writeStaticPods } from './static-pods.ts'

export interface ControlPlaneOptions {
  readonly controllerManagerFlags?: readonly string[]
  /** An address of this machine beside its own, for a second API server; see `addHost`. */
  readonly secondAddress?: string
}

/** What the programs of a control plane are started with. */
export interface Plan {
  readonly folder: string
  readonly bin: string
  readonly address: string
  readonly node: string
  readonly ports: Ports
  readonly certificates: Certificates
  readonly kubeconfig: string
  readonly options: ControlPlaneOptions
}

export function etcdFlags({ folder, ports, certificates: { ca, etcd } }: Plan): string[] {
  const url = `https://127.0.0.1:${ports.etcd}`
  const peerUrl = `http://127.0.0.1:${ports.etcdPeer}`
  return [
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=${url}`,
    `--advertise-client-urls=${url}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=default=${peerUrl}`,
    '--client-cert-auth',
    `--trusted-ca-file=${ca}`,
    `--cert-file=${etcd.cert}`,
    `--key-file=${etcd.key}`,
    '--enable-pprof',
    // The data live as long as a test.
    '--unsafe-no-fsync',
  ]
}

/** All API servers listen on one port: the EndpointSlice of their addresses has but one. */
export function apiserverFlags({ folder, ports, certificates }: Plan, address: string): string[] {
  const { ca, apiserver, etcdClient, kubeletClient, serviceAccounts } = certificates
  return [
    `--etcd-servers=https://127.0.0.1:${ports.etcd}`,
    `--etcd-cafile=${ca}`,
    `--etcd-certfile=${etcdClient.cert}`,
    `--etcd-keyfile=${etcdClient.key}`,
    `--bind-address=${address}`,
    `--advertise-address=${address}`,
    `--secure-port=${ports.apiserver}`,
    `--tls-cert-file=${apiserver.cert}`,
    `--tls-private-key-file=${apiserver.key}`,
    `--client-ca-file=${ca}`,
    `--kubelet-certificate-authority=${ca}`,
    '--kubelet-preferred-address-types=InternalIP',
    `--kubelet-client-certificate=${kubeletClient.cert}`,
    `--kubelet-client-key=${kubeletClient.key}`,
    `--token-auth-file=${join(folder, 'tokens.csv')}`,
    `--service-account-key-file=${serviceAccounts.publicKey}`,
    `--service-account-signing-key-file=${serviceAccounts.key}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    '--service-cluster-ip-range=10.96.0.0/16',
    '--authorization-mode=Node,RBAC',
    '--allow-privileged',
    '--contention-profiling',
  ]
}

export function controllerManagerFlags(plan: Plan): string[] {
  const { folder, ports, certificates, options } = plan
  return [
    ...followerFlags(plan),
    `--secure-port=${ports.controllerManager}`,
    `--cert-dir=${join(folder, 'controller-manager')}`,
    `--service-account-private-key-file=${certificates.serviceAccounts.key}`,
    `--root-ca-file=${certificates.ca}`,
    '--contention-profiling',
    ...(options.controllerManagerFlags ?? []),
  ]
}

export function schedulerFlags(plan: Plan): string[] {
  const { folder, ports } = plan
  return [
    ...followerFlags(plan),
    `--secure-port=${ports.scheduler}`,
    `--cert-dir=${join(folder, 'scheduler')}`,
  ]
}

/** Of what follows the API server. */
function followerFlags({ kubeconfig }: Plan): string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    '--bind-address=127.0.0.1',
    '--leader-elect=true',
  ]
}

export function kubeletFlags(plan: Plan): string[] {
  const { folder, address, node, ports, certificates, kubeconfig } = plan
  return [
    `-name=${node}`,
    `-address=${address}`,
    `-port=${ports.kubelet}`,
    `-streaming-port=${ports.streaming}`,
    `-kubeconfig=${kubeconfig}`,
    `-manifests=${writeStaticPods(folder, ports)}`,
    `-tls-cert-file=${certificates.kubelet.cert}`,
    `-tls-private-key-file=${certificates.kubelet.key}`,
    `-client-ca-file=${certificates.ca}`,
  ]
}

export function containerdFlags({ folder }: Plan): string[] {
  const file = join(folder, 'containerd.toml')
  const home = join(folder, 'containerd')
  mkdirSync(home)
  // Its sockets belong to root unless its flags name an owner, and only root can change the owner.
  const owner = `  uid = ${process.getuid?.() ?? 0}\n  gid = ${process.getgid?.() ?? 0}`
  writeFileSync(
    file,
    `version = 2
root = "${join(home, 'root')}"
state = "${join(home, 'state')}"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "${join(folder, 'containerd.sock')}"
${owner}
[debug]
  address = "${join(folder, 'containerd-debug.sock')}"
${owner}
`,
  )
  return [`--config=${file}`]
}
