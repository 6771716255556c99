import { kubernetesProduct } from '../../api/targets/kubernetes-version.ts'

/**
 * A known or bounded version, with the name of its product: `v1.30.4`, `Kubernetes ≥ 1.33`, `Go ≥
 * 1.26`.
 */
export function formatVersion(product: string, version: string): string {
  if (/^v\d/.test(version)) return version
  return `${product} ${version.replace(/^go/, '').replace(/^>=/, '≥ ').replace(/^<=/, '≤ ')}`
}

/** The Kubernetes release of a component, or the version of the libraries that another program links. */
export function formatKubernetesVersion(component: string | null, found: string): string {
  const { product, version } = kubernetesProduct(component, found)
  return product === 'Kubernetes'
    ? formatVersion(product, version)
    : `${product} ${formatVersion('', version).trim()}`
}
