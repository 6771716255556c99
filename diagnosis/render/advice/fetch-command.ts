import type { ProcessOrigin } from '../../judge/facts/process-origin.ts'

/** How a component is reached where its address is not known: in a cluster as kubeadm makes it. */
interface Reach {
  readonly scheme: 'http' | 'https'
  readonly address: string
  /** What curl sends so that it is let in over TLS. */
  readonly credentials: string
}

const BEARER = '-k -H "Authorization: Bearer $TOKEN"'
const REACH: Readonly<Record<string, Reach>> = {
  'kube-apiserver': { scheme: 'https', address: '127.0.0.1:6443', credentials: BEARER },
  'kube-controller-manager': { scheme: 'https', address: '127.0.0.1:10257', credentials: BEARER },
  'cloud-controller-manager': { scheme: 'https', address: '127.0.0.1:10258', credentials: BEARER },
  'kube-scheduler': { scheme: 'https', address: '127.0.0.1:10259', credentials: BEARER },
  kubelet: { scheme: 'https', address: '127.0.0.1:10250', credentials: BEARER },
  'kube-proxy': { scheme: 'http', address: '127.0.0.1:10249', credentials: BEARER },
  etcd: {
    scheme: 'https',
    address: '127.0.0.1:2379',
    credentials: '--cacert ca.crt --cert client.crt --key client.key',
  },
}
const ANY_PROGRAM: Reach = { scheme: 'http', address: '', credentials: BEARER }

/** The scheme by which a component is reached: as it was reached for the capture, else its usual one. */
export function schemeOf(component: string | null, origin: ProcessOrigin | null): 'http' | 'https' {
  return origin?.scheme ?? reachOf(component).scheme
}

/** The port of the capture, else the usual one; `null` without one. */
export function portOf(component: string | null, origin: ProcessOrigin | null): string | null {
  return origin?.port ?? /\d+$/.exec(reachOf(component).address)?.[0] ?? null
}

/** `host:port`: that of the capture, else the usual one behind a name to be set. */
export function addressOf(component: string | null, origin: ProcessOrigin | null): string {
  if (origin !== null) return `${origin.host}:${origin.port}`
  const { address } = reachOf(component)
  return address === '' ? '$ADDRESS' : `\${ADDRESS:-${address}}`
}

/** The command that prints a page of the component: `/debug/pprof/heap`, `/metrics`. */
export function fetchCommand(
  component: string | null,
  path: string,
  origin: ProcessOrigin | null,
): string {
  const isPlain = origin?.scheme === 'http'
  if (component === 'kube-apiserver' && !isPlain) return `kubectl get --raw '${path}'`
  if (component === 'kubelet' && origin === null) {
    return `kubectl get --raw "/api/v1/nodes/$NODE/proxy${path}"`
  }
  if (component === 'containerd' && origin === null) {
    return `curl -s --unix-socket /run/containerd/debug.sock 'http://d${path}'`
  }
  const scheme = schemeOf(component, origin)
  const credentials = scheme === 'https' ? ` ${reachOf(component).credentials}` : ''
  return `curl -s${credentials} "${scheme}://${addressOf(component, origin)}${path}"`
}

function reachOf(component: string | null): Reach {
  return component !== null && Object.hasOwn(REACH, component) ? REACH[component] : ANY_PROGRAM
}
