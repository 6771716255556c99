import { AppError } from '../../api/errors.ts'
import type { Cluster } from './cluster.ts'
import type { ProcessAddress } from './process-address.ts'
import type { TargetSpec } from './target-spec.ts'

/** What was found of a target. */
export interface Discovery {
  readonly processes: readonly ProcessAddress[]
  /** What was left out or is not as it should be, in sentences. */
  readonly notes: readonly string[]
}

export interface DiscoveryNeeds {
  readonly cluster: Cluster | null
  readonly signal?: AbortSignal
}

/** Finds the processes of a target. */
export async function discoverProcesses(
  target: TargetSpec,
  needs: DiscoveryNeeds,
): Promise<Discovery> {
  const { find } = target
  if (find.kind === 'url') return { processes: [urlProcess(target, find.url)], notes: [] }
  if (find.kind === 'unix') return { processes: [unixProcess(target, find.socketPath)], notes: [] }
  throw new AppError('TARGET_INVALID', { message: `not yet: ${find.kind} ${needs.cluster?.name}` })
}

/** Where Go programs have their profiles. */
export const PPROF_PATH = '/debug/pprof'

function urlProcess({ name, component, cluster }: TargetSpec, text: string): ProcessAddress {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new AppError('TARGET_INVALID', { message: `${name} has no http or https URL.` })
  }
  if (url.username !== '' || url.password !== '') {
    throw new AppError('TARGET_INVALID', {
      message: `${name} has a name or password in its URL; give them as credentials.`,
    })
  }
  const path = url.pathname.replace(/\/$/, '')
  const [pathPrefix = ''] = path.split(/(?:^|(?<=\/))debug\/pprof(?:\/|$)/)
  const prefix = pathPrefix.replace(/\/$/, '')
  return {
    key:
      cluster === null
        ? url.origin + prefix
        : `${cluster}/${component ?? 'go'}/${url.host}${prefix}`,
    target: name,
    component,
    instance: url.host,
    cluster,
    route: { via: 'direct', origin: url.origin, serverName: null },
    pathPrefix: prefix,
    pprofPath: PPROF_PATH,
    kinds: null,
    isIdentityStable: true,
    note: null,
  }
}

function unixProcess({ name, component, cluster }: TargetSpec, socketPath: string): ProcessAddress {
  return {
    key: `${cluster ?? 'unix'}/${component ?? 'go'}/${socketPath}`,
    target: name,
    component,
    instance: socketPath,
    cluster,
    route: { via: 'unix', socketPath },
    pathPrefix: '',
    pprofPath: PPROF_PATH,
    kinds: null,
    isIdentityStable: true,
    note: null,
  }
}
