import type { RequestedCapture, TargetsFileContents } from '../../store/index.ts'
import { isCidr } from '../reach/net/address-rules.ts'
import type { ClusterSpec } from '../reach/target-spec.ts'
import {
  compileSchedule,
  compileSet,
  compileTrigger,
  USUAL_SETS,
  type ScheduleLimits,
} from './compile-schedule.ts'
import { compileTarget } from './compile-target.ts'
import { FAULTS_MAX, parseTargetsFile } from './parse-targets-file.ts'
import type { FilePath, PathFault, TargetsFileFault } from './targets-file-fault.ts'
import type { ClusterEntry, NetworkEntry, TargetsFile } from './targets-file-schema.ts'

/** The content of a targets file, as it is applied. */
export interface TargetsPlan {
  readonly contents: TargetsFileContents
  readonly clusters: readonly ClusterSpec[]
}

/** Reads a targets file and reports its faults: a file with any fault is not applied. */
export function readTargetsFile(
  text: string,
  limits: ScheduleLimits,
): { readonly plan: TargetsPlan } | { readonly faults: readonly TargetsFileFault[] } {
  const parsed = parseTargetsFile(text)
  if ('faults' in parsed) return parsed
  const compiled = compile(parsed.file, limits)
  if ('plan' in compiled) return compiled
  return { faults: compiled.faults.slice(0, FAULTS_MAX).map(parsed.locate) }
}

function compile(
  file: TargetsFile,
  limits: ScheduleLimits,
): { readonly plan: TargetsPlan } | { readonly faults: readonly PathFault[] } {
  const { targets = [], schedules = [], clusters = [], network = {} } = file
  const faults = [...nameFaults(file), ...networkFaults(network), ...clusterFaults(file)]
  const compiledTargets = targets.flatMap((entry, place) =>
    kept(compileTarget(entry, ['targets', place]), faults),
  )
  const definitions = compileDefinitions(file, { limits, faults })
  const clusterSpecs = clusters.flatMap((entry, place) =>
    kept(compileCluster(entry, ['clusters', place]), faults),
  )
  if (faults.length > 0) return { faults }
  const takenBy = (target: string) =>
    schedules.filter((entry) => entry.targets.includes(target)).map(({ name }) => name)
  return {
    plan: {
      contents: {
        ...definitions,
        targets: compiledTargets.map(({ definition }) => ({
          ...definition,
          schedules: takenBy(definition.name),
        })),
        clusters: clusters.map(({ name }) => name),
        allow: network.allow ?? [],
      },
      clusters: clusterSpecs,
    },
  }
}

interface CompileState {
  readonly limits: ScheduleLimits
  readonly faults: PathFault[]
}

function compileDefinitions(file: TargetsFile, { limits, faults }: CompileState) {
  const { targets = [], schedules = [], triggers = [], profileSets = {} } = file
  const sets = new Map<string, RequestedCapture>(
    Object.entries({ ...USUAL_SETS, ...profileSets }).map(([name, set]) => [name, compileSet(set)]),
  )
  const context = { sets, targets: new Set(targets.map(({ name }) => name)), limits }
  const at = (section: string, place: number) => ({ ...context, path: [section, place] })
  return {
    schedules: schedules
      .flatMap((entry, place) => kept(compileSchedule(entry, at('schedules', place)), faults))
      .map(({ definition }) => definition),
    triggers: triggers
      .flatMap((entry, place) => kept(compileTrigger(entry, at('triggers', place)), faults))
      .map(({ definition }) => definition),
  }
}

function networkFaults({ allow = [] }: NetworkEntry): readonly PathFault[] {
  return allow.flatMap((cidr, place) => {
    if (isCidr(cidr)) return []
    const message = `${cidr} is not an address range like 10.0.0.0/8`
    return [{ path: ['network', 'allow', place], message }]
  })
}

function clusterFaults({ targets = [], clusters = [] }: TargetsFile): readonly PathFault[] {
  const known = new Set(clusters.map(({ name }) => name))
  return targets.flatMap(({ cluster }, place) =>
    cluster === undefined || known.has(cluster)
      ? []
      : [{ path: ['targets', place, 'cluster'], message: `there is no cluster "${cluster}"` }],
  )
}

function kept<Good extends object>(
  result: Good | { readonly faults: readonly PathFault[] },
  faults: PathFault[],
): readonly Good[] {
  if (!('faults' in result)) return [result]
  faults.push(...result.faults)
  return []
}

function compileCluster(
  { name, kubeconfig, inCluster }: ClusterEntry,
  path: FilePath,
): ClusterSpec | { readonly faults: readonly PathFault[] } {
  if (kubeconfig !== undefined && inCluster !== true) {
    const { context = null, allowExec = false } = kubeconfig
    return {
      name,
      access: { kind: 'kubeconfig', paths: [kubeconfig.path], context, allowsExec: allowExec },
    }
  }
  if (kubeconfig === undefined && inCluster === true)
    return { name, access: { kind: 'in-cluster' } }
  return { faults: [{ path, message: 'needs either `kubeconfig` or `inCluster: true`' }] }
}

function nameFaults(file: TargetsFile): readonly PathFault[] {
  return (['clusters', 'targets', 'schedules', 'triggers'] as const).flatMap((section) => {
    const seen = new Set<string>()
    return (file[section] ?? []).flatMap(({ name }, place) => {
      if (!seen.has(name)) {
        seen.add(name)
        return []
      }
      return [{ path: [section, place, 'name'], message: `"${name}" is there already` }]
    })
  })
}
