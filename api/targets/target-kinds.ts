/** The kinds of targets: the known components, and any other Go program. */
export const TARGET_KINDS = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'cloud-controller-manager',
  'kubelet',
  'kube-proxy',
  'etcd',
  'containerd',
  'cri-o',
  'coredns',
  'go',
] as const
export type TargetKind = (typeof TARGET_KINDS)[number]
