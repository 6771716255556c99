import type { ProcessAddress, TargetSpec } from '../../../store/index.ts'
import type { Discovery, DiscoveryNeeds } from './discovery.ts'
import { AppError } from '../../../api/errors.ts'
import { discoverApiServers } from './discover-apiservers.ts'
import { discoverControlPlane } from './discover-control-plane.ts'
import { discoverKubelets } from './discover-kubelets.ts'
import { discoverPods } from './discover-pods.ts'
import { processAddress } from '../process-address.ts'

/** Finds the processes of a target. */
export async function discoverProcesses(
  target: TargetSpec,
  needs: DiscoveryNeeds,
): Promise<Discovery> {
  const { processes, notes } = await discover(target, needs)
  const { processesMax } = target
  if (processes.length <= processesMax) return { processes, notes }
  const left = `${processes.length - processesMax} of ${processes.length} processes are left out: the target may have ${processesMax}.`
  return { processes: processes.slice(0, processesMax), notes: [...notes, left] }
}

async function discover(target: TargetSpec, needs: DiscoveryNeeds): Promise<Discovery> {
  const { find } = target
  if (find.kind === 'url') return { processes: [urlProcess(target, find.url)], notes: [] }
  if (target.namedBy === 'user') {
    throw new AppError('TARGET_INVALID', {
      message: `${target.name} may be a URL and nothing else: only an operator may name more.`,
    })
  }
  if (find.kind === 'unix') return { processes: [unixProcess(target, find.socketPath)], notes: [] }
  const { cluster } = needs
  if (cluster === null) {
    const message = `${target.name} is to be found in a cluster, and names none.`
    throw new AppError('TARGET_INVALID', { message })
  }
  const inCluster = { ...needs, cluster }
  if (find.kind === 'apiservers') return await discoverApiServers(target, find.reach, inCluster)
  if (find.kind === 'control-plane') return await discoverControlPlane(target, find, inCluster)
  if (find.kind === 'kubelets') return await discoverKubelets(target, find, inCluster)
  return await discoverPods(target, find, inCluster)
}

function urlProcess(target: TargetSpec, text: string): ProcessAddress {
  const { name, component, cluster } = target
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new AppError('TARGET_INVALID', { message: `${name} has no http or https URL.` })
  }
  if (url.username !== '' || url.password !== '') {
    throw new AppError('TARGET_INVALID', {
      message: `${name} has a name or password in its URL; give them as credentials.`,
    })
  }
  const [pathPrefix = ''] = url.pathname.split(/\/debug\/pprof(?:\/|$)/)
  const prefix = pathPrefix.replace(/\/$/, '')
  const address = processAddress(target, {
    component,
    host: url.host + prefix,
    instance: url.host,
    route: { via: 'direct', origin: url.origin, serverName: null },
  })
  const key = cluster === null ? url.origin + prefix : address.key
  return { ...address, key, pathPrefix: prefix }
}

function unixProcess(target: TargetSpec, socketPath: string): ProcessAddress {
  return processAddress(target, {
    component: target.component,
    host: socketPath,
    instance: socketPath,
    route: { via: 'unix', socketPath },
  })
}
