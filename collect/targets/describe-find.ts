import type { TargetFind } from '../../store/index.ts'

/** How processes are found, in a few words for people. */
export function describeFind(find: TargetFind, cluster: string | null): string {
  const where = cluster === null ? '' : ` of ${cluster}`
  switch (find.kind) {
    case 'url':
      return `at ${find.url}`
    case 'unix':
      return `at the socket ${find.socketPath}`
    case 'apiservers':
      return find.reach === 'server'
        ? `the API server that answers for ${cluster}`
        : `every API server${where}`
    case 'control-plane':
      return `${find.only === 'leader' ? 'the leader' : 'every instance'}${where}, ${
        find.reach === 'direct' ? 'directly' : 'by port-forward'
      }`
    case 'kubelets':
      return `kubelets${where}, ${find.reach === 'direct' ? 'directly' : "through the nodes' proxy"}`
    default:
      return `pods${where} in ${find.namespaces.join(', ')}`
  }
}
