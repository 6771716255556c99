import { createServer } from 'node:net'

const NAMES = [
  'etcd',
  'etcdPeer',
  'apiserver',
  'controllerManager',
  'scheduler',
  'kubelet',
  'streaming',
] as const

/** One for each thing of a control plane that listens. */
export type Ports = Readonly<Record<(typeof NAMES)[number], number>>

/** Ports on which nothing listens now. */
export async function freePorts(): Promise<Ports> {
  const servers = NAMES.map(() => createServer().listen(0))
  const numbers = servers.map((server) => {
    const bound = server.address()
    if (bound === null || typeof bound === 'string') throw new Error('no port is free')
    return bound.port
  })
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  const [etcd = 0, etcdPeer = 0, apiserver = 0, controllerManager = 0, ...rest] = numbers
  const [scheduler = 0, kubelet = 0, streaming = 0] = rest
  return { etcd, etcdPeer, apiserver, controllerManager, scheduler, kubelet, streaming }
}
