/** Programs of a Kubernetes release. Others only link its libraries, of whatever version. */
const RELEASED = new Set([
  'k3s',
  'kube-aggregator',
  'kube-controller-manager',
  'kube-proxy',
  'kube-scheduler',
  'kubeadm',
  'kubectl',
  'kubelet',
])

/**
 * What a version of Kubernetes found in a process is of: the release of its own programs, or the libraries (client-go
 * and the like) of others, which are numbered v0.30.4 for v1.30.4 and tell nothing of the server.
 */
export function kubernetesProduct(
  component: string | null,
  version: string,
): { readonly product: string; readonly version: string } {
  if (component !== null && isReleased(component)) return { product: 'Kubernetes', version }
  return { product: 'k8s.io libraries', version: version.replaceAll(/\b(v?)1\./g, '$10.') }
}

/** API servers are built from the server's own code, of the release that /version names. */
function isReleased(component: string): boolean {
  return RELEASED.has(component) || component.endsWith('-apiserver')
}
