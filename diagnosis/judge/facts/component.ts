import { globMatches, parseGlob } from '../../pattern/glob.ts'

/** Binaries that contain several components, so every rule may apply. */
const WHOLE_CLUSTERS = new Set(['k3s', 'k0s', 'hyperkube', 'microk8s', 'minikube', 'rke2'])

/**
 * Whether a rule for `patterns` applies to this component. A pattern is a glob, or `!glob` for all others. A rule
 * applies to an unknown component: its functions decide whether it fires.
 */
export function isForComponent(patterns: readonly string[], component: string | null): boolean {
  if (component === null || WHOLE_CLUSTERS.has(component)) return true
  const matches = (pattern: string) =>
    parseGlob(pattern).some((glob) => globMatches(glob, component))
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!'))
  const refused = patterns.filter((pattern) => pattern.startsWith('!'))
  if (refused.some((pattern) => matches(pattern.slice(1)))) return false
  return wanted.length === 0 || wanted.some(matches)
}

/** Whether rules with these patterns are for some components and not for any program. */
export function isSpecific(patterns: readonly string[]): boolean {
  return patterns.some((pattern) => pattern !== '*' && !pattern.startsWith('!'))
}
