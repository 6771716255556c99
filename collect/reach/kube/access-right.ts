/** An RBAC right: to a path of a server, or to a resource of the API. */
export type AccessRight =
  | { readonly kind: 'path'; readonly verb: string; readonly path: string }
  | {
      readonly kind: 'resource'
      readonly verb: string
      /** Empty for the core group. */
      readonly group: string
      /** With its subresource: `nodes/proxy`. */
      readonly resource: string
      /** Null for the whole cluster. */
      readonly namespace: string | null
      readonly name: string | null
    }

/** The right in words: `get /debug/pprof/heap`, `list leases.coordination.k8s.io in kube-system`. */
export function rightText(right: AccessRight): string {
  if (right.kind === 'path') return `${right.verb} ${right.path}`
  const { verb, group, resource, namespace, name } = right
  const whole = group === '' ? resource : `${resource}.${group}`
  return [verb, whole, name, namespace === null ? null : `in ${namespace}`]
    .filter((part) => part !== null)
    .join(' ')
}

/** The RBAC rule that grants a right. */
export interface Grant {
  /** `ClusterRole`, or `Role in kube-system`. */
  readonly role: string
  /** An item of the role's `rules`, as YAML on one line. */
  readonly text: string
}

/** The rule that grants the right. https://kubernetes.io/docs/reference/access-authn-authz/rbac/ */
export function grantOf(right: AccessRight): Grant {
  if (right.kind === 'path') {
    const text = flow({ nonResourceURLs: [right.path], verbs: [right.verb] })
    return { role: 'ClusterRole', text }
  }
  const { verb, group, resource, namespace, name } = right
  const text = flow({
    apiGroups: [group],
    resources: [resource],
    ...(name === null ? {} : { resourceNames: [name] }),
    verbs: verbsFor(resource, verb),
  })
  return { role: namespace === null ? 'ClusterRole' : `Role in ${namespace}`, text }
}

/** Since Kubernetes 1.35 a port-forward over a WebSocket, a GET, needs `create` as well. */
function verbsFor(resource: string, verb: string): string[] {
  return resource === 'pods/portforward' ? ['create', 'get'] : [verb]
}

function flow(rule: Readonly<Record<string, readonly string[]>>): string {
  const parts = Object.entries(rule).map(([key, values]) => {
    return `${key}: [${values.map((value) => JSON.stringify(value)).join(', ')}]`
  })
  return `{${parts.join(', ')}}`
}

const PATH_REFUSAL = /cannot (\w+) path "([^"]+)"/
const RESOURCE_REFUSAL =
  /cannot (\w+) resource "([^"]+)" in API group "([^"]*)"(?: in the namespace "([^"]+)")?/
/** Kubelets use another format: `Forbidden (user=x, verb=get, resource=nodes, subresource(s)=[proxy])`. */
const KUBELET_REFUSAL =
  /Forbidden \(user=.*verb=(\w+), resource=nodes, subresource(?:\(s\))?=\[?(\w+)/

/** The right that an answer of 403 says is missing; null where it does not say. */
export function rightOfRefusal(text: string): AccessRight | null {
  const path = PATH_REFUSAL.exec(text)
  if (path !== null) return { kind: 'path', verb: path[1] ?? '', path: path[2] ?? '' }
  const kubelet = KUBELET_REFUSAL.exec(text)
  if (kubelet !== null) {
    const resource = `nodes/${kubelet[2]}`
    return { ...RESOURCE, verb: kubelet[1] ?? '', resource }
  }
  const found = RESOURCE_REFUSAL.exec(text)
  if (found === null) return null
  const [, verb = '', resource = '', group = '', namespace = null] = found
  const name = resource.includes('/')
    ? (/(?:^|\s)\S+ "([^"]+)" is forbidden/.exec(text)?.[1] ?? null)
    : null
  return { kind: 'resource', verb, group, resource, namespace, name }
}

const RESOURCE = { kind: 'resource', group: '', namespace: null, name: null } as const
