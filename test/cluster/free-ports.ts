import { freePort } from '../free-port.ts'

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
  const numbers: number[] = []
  for (const _ of NAMES) numbers.push(await freePort())
  const [etcd = 0, etcdPeer = 0, apiserver = 0, controllerManager = 0, ...rest] = numbers
  const [scheduler = 0, kubelet = 0, streaming = 0] = rest
  return { etcd, etcdPeer, apiserver, controllerManager, scheduler, kubelet, streaming }
}
