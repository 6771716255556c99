import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { buildComponents } from './build-components.ts'
import { type Certificate, makeCertificates } from './certificates.ts'
import {
  type ControlPlaneOptions,
  apiserverFlags,
  containerdFlags,
  controllerManagerFlags,
  etcdFlags,
  kubeletFlags,
  type Plan,
  schedulerFlags,
} from './component-flags.ts'
import { freePorts, type Ports } from './free-ports.ts'
import { Programs } from './programs.ts'

/**
 * A real control plane on this machine, in a new folder and on free ports: etcd, kube-apiserver,
 * kube-controller-manager, kube-scheduler, a kubelet that runs no containers, and containerd.
 */
export interface ControlPlane {
  readonly folder: string
  /** Of an administrator. */
  readonly kubeconfig: string
  readonly server: string
  /** This machine's, which is also the host that leases are held by. */
  readonly node: string
  /** PEM, of the authority of all certificates. */
  readonly ca: string
  readonly etcd: { readonly url: string; readonly client: Certificate }
  readonly containerdSocket: string
  readonly ports: Ports
  /** Runs kubectl as the administrator, and answers what it prints. */
  readonly kubectl: (args: readonly string[], input?: string) => Promise<string>
  /** Starts the load generator in a mode; its end is to be waited for, or its signal aborted. */
  readonly load: (args: readonly string[], signal?: AbortSignal) => Promise<string>
  /** A kubeconfig of a service account that exists. */
  readonly kubeconfigOf: (namespace: string, serviceAccount: string) => Promise<string>
  /** Ends the second API server as a crash would. */
  readonly killSecondApiserver: () => Promise<void>
  /** With these flags beside those it always has. */
  readonly restartControllerManager: (flags: readonly string[]) => Promise<void>
  readonly stop: () => Promise<void>
}

/** Starts it and waits until all of it answers. */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const bin = await buildComponents()
  const folder = mkdtempSync(join(tmpdir(), 'kubeprof-cluster-'))
  const address = ownAddress()
  const node = hostname().toLowerCase()
  const ports = await freePorts()
  const certificates = makeCertificates(folder, address, node)
  const server = `https://${address}:${ports.apiserver}`
  const token = randomBytes(16).toString('hex')
  const kubeconfig = join(folder, 'kubeconfig')
  writeFileSync(join(folder, 'tokens.csv'), `${token},admin,admin,system:masters\n`)
  writeFileSync(kubeconfig, kubeconfigText(server, certificates.ca, token))
  const plan = { folder, bin, address, node, ports, certificates, kubeconfig, options }
  const programs = new Programs(folder)
  const kubectl = runner(programs, join(bin, 'kubectl'), kubeconfig)
  const stop = async () => {
    await programs.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await startAll(plan, programs, kubectl)
  } catch (error) {
    const logs = programs.lastLines()
    await stop()
    throw new Error(`the control plane did not start:\n${logs}`, { cause: error })
  }
  return {
    folder,
    kubeconfig,
    server,
    node,
    ca: certificates.ca,
    etcd: { url: `https://127.0.0.1:${ports.etcd}`, client: certificates.etcdClient },
    containerdSocket: join(folder, 'containerd-debug.sock'),
    ports,
    kubectl,
    load: (args, signal) =>
      programs.run(join(bin, 'load'), ['-kubeconfig', kubeconfig, ...args], signal),
    async kubeconfigOf(namespace, serviceAccount) {
      const args = ['create', 'token', serviceAccount, '-n', namespace, '--duration=1h']
      const file = join(folder, `${namespace}-${serviceAccount}.kubeconfig`)
      const accountToken = (await kubectl(args)).trim()
      writeFileSync(file, kubeconfigText(server, certificates.ca, accountToken))
      return file
    },
    killSecondApiserver: () => programs.end(SECOND_APISERVER, 'SIGKILL'),
    async restartControllerManager(flags) {
      const name = 'kube-controller-manager'
      const lease = ['lease', '-n', 'kube-system', name]
      await programs.end(name)
      // The new one would wait until the old one has not renewed it for long enough.
      await kubectl(['delete', ...lease])
      startOwn(
        plan,
        programs,
        name,
        controllerManagerFlags({ ...plan, options: { controllerManagerFlags: flags } }),
      )
      await waiter(programs, kubectl)('the new one leads', ['get', ...lease])
    },
    stop,
  }
}

type Kubectl = ControlPlane['kubectl']

const SECOND_APISERVER = 'kube-apiserver-second'
/** Its identity follows from the name of its host. */
export const SECOND_HOST = 'control-plane-b'
const AS_OTHER_HOST = `echo ${SECOND_HOST} > /proc/sys/kernel/hostname && exec "$@"`

async function startAll(plan: Plan, programs: Programs, kubectl: Kubectl): Promise<void> {
  programs.start('etcd', 'etcd', etcdFlags(plan))
  programs.start('containerd', 'containerd', containerdFlags(plan))
  startOwn(plan, programs, 'kube-apiserver', apiserverFlags(plan, plan.address))
  const wait = waiter(programs, kubectl)
  await wait('the API server is ready', ['get', '--raw', '/readyz'])
  const { secondAddress } = plan.options
  if (secondAddress !== undefined) {
    const flags = apiserverFlags(plan, secondAddress)
    const command = [join(plan.bin, 'kube-apiserver'), ...flags]
    programs.start(SECOND_APISERVER, 'unshare', [
      '--uts',
      'sh',
      '-c',
      AS_OTHER_HOST,
      'sh',
      ...command,
    ])
  }
  startOwn(plan, programs, 'kube-controller-manager', controllerManagerFlags(plan))
  startOwn(plan, programs, 'kube-scheduler', schedulerFlags(plan))
  startOwn(plan, programs, 'hollow-kubelet', kubeletFlags(plan))
  for (const component of ['kube-controller-manager', 'kube-scheduler']) {
    await wait(`${component} leads`, ['get', 'lease', '-n', 'kube-system', component])
    const pod = ['pod', `${component}-${plan.node}`, '-n', 'kube-system']
    await wait('its pod runs', ['wait', ...pod, '--for=condition=Ready', '--timeout=1s'])
  }
  await wait('there are service accounts', ['get', 'serviceaccount', 'default', '-n', 'default'])
}

/** Starts a program that was built here. */
function startOwn({ bin }: Plan, programs: Programs, name: string, flags: readonly string[]): void {
  programs.start(name, join(bin, name), flags)
}

/** Waits until kubectl succeeds with these arguments. */
const READY_MS_MAX = 120_000

/** Settles when a command of kubectl prints something. `run.ts` waits here too, where there is no `vi`. */
function waiter(programs: Programs, kubectl: Kubectl) {
  return async (what: string, args: readonly string[]): Promise<void> => {
    const endMs = performance.now() + READY_MS_MAX
    while ((await kubectl(args).catch(() => '')) === '') {
      programs.checkAlive()
      if (performance.now() > endMs) throw new Error(`waited in vain until ${what}`)
      await delay(100)
    }
  }
}

function kubeconfigText(server: string, ca: string, token: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority': ca } }],
    users: [{ name: 'user', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'user' } }],
    'current-context': 'test',
  })
}

function runner(programs: Programs, kubectl: string, kubeconfig: string): Kubectl {
  return async (args, input) => {
    const running = promisify(execFile)(kubectl, [`--kubeconfig=${kubeconfig}`, ...args], {
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, HOME: programs.folder },
    })
    running.child.stdin?.end(input ?? '')
    return (await running).stdout
  }
}

/** An address that is not loopback: the API server announces no other as its own, and proxies to no other. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  const own = all.find(({ family, internal }) => family === 'IPv4' && !internal)
  if (own === undefined) throw new Error('this machine has no IPv4 address but loopback')
  return own.address
}
