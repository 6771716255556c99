import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Ports } from './free-ports.ts'

/**
 * Writes the manifests that kubeadm would write for the processes that are not pods here, so that the cluster names them
 * as it names real ones, and answers their folder. The kubelet forwards their ports to this host.
 */
export function writeStaticPods(folder: string, ports: Ports): string {
  const manifests = join(folder, 'manifests')
  mkdirSync(manifests)
  const write = (component: string, port: number, scheme: string, args: readonly string[]) =>
    writeFileSync(
      join(manifests, `${component}.yaml`),
      JSON.stringify(staticPod(component, port, scheme, args)),
    )
  write('kube-controller-manager', ports.controllerManager, 'HTTPS', [
    `--secure-port=${ports.controllerManager}`,
    '--bind-address=127.0.0.1',
  ])
  write('kube-scheduler', ports.scheduler, 'HTTPS', [
    `--secure-port=${ports.scheduler}`,
    '--bind-address=127.0.0.1',
  ])
  return manifests
}

function staticPod(component: string, port: number, scheme: string, args: readonly string[]) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: component,
      namespace: 'kube-system',
      labels: { component, tier: 'control-plane' },
    },
    spec: {
      hostNetwork: true,
      containers: [
        {
          name: component,
          image: `registry.k8s.io/${component}:v1.30.4`,
          command: [component, ...args],
          livenessProbe: { httpGet: { host: '127.0.0.1', path: '/healthz', port, scheme } },
        },
      ],
    },
  }
}
