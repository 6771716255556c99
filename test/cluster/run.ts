// Starts a control plane to try things on, until it is ended.
import { once } from 'node:events'
import { startControlPlane } from './control-plane.ts'

const cluster = await startControlPlane()
console.log(`up: export KUBECONFIG=${cluster.kubeconfig}
containerd  ${cluster.containerdSocket}
etcd        ${cluster.etcd.url} --cacert ${cluster.ca} --cert ${cluster.etcd.client.cert} --key ${cluster.etcd.client.key}
Ctrl-C ends it.`)
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
await cluster.stop()
