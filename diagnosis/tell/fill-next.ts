import type { CombinedRule, Rule } from '../rule/rule.ts'

/** What is known when a next step is told; `null` for what is not. */
export interface NextValues {
  /** What the rule's `by` found: a controller, a plugin. */
  readonly group: string | null
  /** The kind of object seen most: `core/v1.Pod`. */
  readonly kind: string | null
  readonly component: string | null
}

/**
 * A command, metric query or log line with its values: `{group}`, `{resource}` (`pods`), and `{pprof:heap?gc=1}`, the
 * command that fetches a profile of this component. Text in `[[ ]]` is left out where a value in it is not known.
 */
export function fillNext(text: string, values: NextValues): string {
  const known = new Map<string, string | null>([
    ['group', values.group],
    ['resource', values.kind === null ? null : resourceOf(values.kind)],
    ['component', values.component],
  ])
  const whole = text.replaceAll(/\[\[(.*?)\]\]/g, (_, part: string) => {
    const names = [...part.matchAll(VALUE)].map(([, name]) => name)
    return names.every((name) => (known.get(name) ?? null) !== null) ? part : ''
  })
  return whole
    .replaceAll(VALUE, (token, name: string) =>
      known.has(name) ? (known.get(name) ?? '…') : token,
    )
    .replaceAll(/\{pprof:([^}]*)\}/g, (_, path: string) => fetchCommand(values.component, path))
}

/** The same where no profile is at hand: what the rule is of is all that is known. */
export function plainNext(rule: Rule | CombinedRule, text: string): string {
  const components = 'components' in rule ? rule.components : []
  const [component = null] = components.length === 1 ? components : []
  return fillNext(text, { group: null, kind: null, component })
}

/** A query without what is narrowed by values. */
export function plainQuery(text: string): string {
  return fillNext(text, { group: null, kind: null, component: null })
}

const VALUE = /\{(group|resource|component)\}/g

/** The plural by which the API and its metrics name a kind. */
function resourceOf(kind: string): string {
  const word = kind.slice(kind.lastIndexOf('.') + 1).toLowerCase()
  if (word === 'endpoints') return word
  if (/(?:s|x|ch)$/.test(word)) return `${word}es`
  return word.endsWith('y') ? `${word.slice(0, -1)}ies` : `${word}s`
}

/** By the ways that components are reached in a cluster as kubeadm makes it; addresses of others are to be filled in. */
function fetchCommand(component: string | null, path: string): string {
  const url = `/debug/pprof/${path}`
  switch (component) {
    case 'kube-apiserver':
      return `kubectl get --raw '${url}'`
    case 'kubelet':
      return `kubectl get --raw "/api/v1/nodes/$NODE/proxy${url}"`
    case 'kube-controller-manager':
      return `curl -sk -H "Authorization: Bearer $TOKEN" 'https://127.0.0.1:10257${url}'`
    case 'kube-scheduler':
      return `curl -sk -H "Authorization: Bearer $TOKEN" 'https://127.0.0.1:10259${url}'`
    case 'etcd':
      return `curl -s --cacert ca.crt --cert client.crt --key client.key 'https://127.0.0.1:2379${url}'`
    case 'containerd':
      return `curl -s --unix-socket /run/containerd/debug.sock 'http://d${url}'`
    default:
      return `curl -s "http://$ADDRESS${url}"`
  }
}
