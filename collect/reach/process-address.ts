import type { ProcessAddress, ProcessRoute, TargetSpec } from '../../store/index.ts'

/** The default path of Go's profiles. */
export const PPROF_PATH = '/debug/pprof'

export interface ProcessPlace {
  readonly component: string | null
  /** The `host:port` of the process itself, however it is reached. */
  readonly host: string
  readonly instance: string
  readonly route: ProcessRoute
}

/** A process of a target. */
export function processAddress(
  { name, cluster }: Pick<TargetSpec, 'name' | 'cluster'>,
  { component, host, instance, route }: ProcessPlace,
): ProcessAddress {
  return {
    key: `${cluster ?? '-'}/${component ?? 'go'}/${host}`,
    target: name,
    component,
    instance,
    cluster,
    route,
    pathPrefix: '',
    pprofPath: PPROF_PATH,
    kinds: null,
    isIdentityStable: true,
    note: null,
  }
}
