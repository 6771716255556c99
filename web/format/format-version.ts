/**
 * A known or bounded version, with the name of its product: `v1.30.4`, `Kubernetes ≥ 1.33`, `Go ≥
 * 1.26`.
 */
export function formatVersion(product: string, version: string): string {
  if (/^(v|go)\d/.test(version)) return version
  return `${product} ${version.replace(/^>=/, '≥ ').replace(/^<=/, '≤ ')}`
}
