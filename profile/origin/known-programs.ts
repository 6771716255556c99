/**
 * Programs of other projects that run in clusters, by the module of their code. Only packages of the program itself are
 * matched: its API types and clients are linked into other programs, too.
 */
const PROGRAMS: readonly (readonly [module: string, program: string])[] = [
  ['github.com/argoproj/argo-cd', 'argocd'],
  ['github.com/argoproj/argo-events', 'argo-events'],
  ['github.com/argoproj/argo-rollouts', 'argo-rollouts'],
  ['github.com/argoproj/argo-workflows', 'argo-workflows'],
  ['github.com/aws/karpenter-provider-aws', 'karpenter'],
  ['github.com/cert-manager/cert-manager', 'cert-manager'],
  ['github.com/cilium/cilium', 'cilium'],
  ['github.com/crossplane/crossplane', 'crossplane'],
  ['github.com/external-secrets/external-secrets', 'external-secrets'],
  ['github.com/fluxcd/helm-controller', 'flux-helm-controller'],
  ['github.com/fluxcd/kustomize-controller', 'flux-kustomize-controller'],
  ['github.com/fluxcd/notification-controller', 'flux-notification-controller'],
  ['github.com/fluxcd/source-controller', 'flux-source-controller'],
  ['github.com/jetstack/cert-manager', 'cert-manager'],
  ['github.com/k3s-io/kine', 'kine'],
  ['github.com/kedacore/keda', 'keda'],
  ['github.com/kyverno/kyverno', 'kyverno'],
  ['github.com/longhorn/longhorn-manager', 'longhorn-manager'],
  ['github.com/open-policy-agent/gatekeeper', 'gatekeeper'],
  ['github.com/projectcalico/calico', 'calico'],
  ['github.com/prometheus-operator/prometheus-operator', 'prometheus-operator'],
  ['github.com/rancher/rancher', 'rancher'],
  ['github.com/rook/rook', 'rook'],
  ['github.com/tektoncd/pipeline', 'tekton-pipelines'],
  ['github.com/traefik/traefik', 'traefik'],
  ['github.com/vmware-tanzu/velero', 'velero'],
  ['istio.io/istio', 'istio'],
  ['k8s.io/autoscaler/vertical-pod-autoscaler', 'vertical-pod-autoscaler'],
  ['k8s.io/ingress-nginx', 'ingress-nginx'],
  ['k8s.io/kube-state-metrics', 'kube-state-metrics'],
  ['k8s.io/node-problem-detector', 'node-problem-detector'],
  ['knative.dev/serving', 'knative-serving'],
  ['sigs.k8s.io/cluster-api/internal', 'cluster-api'],
  ['sigs.k8s.io/descheduler', 'descheduler'],
  ['sigs.k8s.io/external-dns', 'external-dns'],
  ['sigs.k8s.io/jobset', 'jobset'],
  ['sigs.k8s.io/karpenter', 'karpenter'],
  ['sigs.k8s.io/kueue', 'kueue'],
  ['sigs.k8s.io/metrics-server', 'metrics-server'],
  ['volcano.sh/volcano', 'volcano'],
]

/** The names of these programs. */
export const KNOWN_PROGRAMS: readonly string[] = [
  ...new Set(PROGRAMS.map(([, program]) => program)),
]

const BY_MODULE = new Map(PROGRAMS)

/** What other programs import of such a module: types, clients and helpers. */
const LIBRARY =
  /\/(?:apis?|client|clientset|client-go|generated|test|utils?|errors|version)(?:\/|$)/

/** The program whose own code the package `path` is, or `undefined`. */
export function programOfPackage(path: string): string | undefined {
  const [host, owner, name] = path.split('/', 3)
  const long = `${host}/${owner}/${name}`
  const program = BY_MODULE.get(long) ?? BY_MODULE.get(`${host}/${owner}`)
  return program === undefined || LIBRARY.test(path) ? undefined : program
}
