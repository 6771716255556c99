import { Cron } from 'croner'
import type { CaptureKind } from '../../api/index.ts'
import {
  USUAL_CPU_SECONDS,
  type RequestedCapture,
  type ScheduleDefinition,
  type Timing,
  type TriggerDefinition,
} from '../../store/index.ts'
import { durationMs } from './duration.ts'
import type { FilePath, PathFault } from './targets-file-fault.ts'
import type { ProfileSetEntry, ScheduleEntry, TriggerEntry } from './targets-file-schema.ts'

export interface ScheduleLimits {
  readonly intervalMsMin: number
  /** 0 to 1: the share of a process's time that may be spent under CPU profiling. */
  readonly cpuShareMax: number
}

export interface ScheduleContext {
  readonly path: FilePath
  readonly sets: ReadonlyMap<string, RequestedCapture>
  readonly targets: ReadonlySet<string>
  readonly limits: ScheduleLimits
}

const CRON_JITTER_MS = 60_000
const COOLDOWN_MS = 15 * 60_000

/** What is taken where a file defines no profile sets. */
export const USUAL_SETS: Readonly<Record<string, ProfileSetEntry>> = {
  baseline: { cpu: {}, heap: {}, goroutine: {}, block: {}, metrics: {}, version: {} },
  incident: {
    cpu: { seconds: 30 },
    heap: {},
    goroutine: {},
    allocs: {},
    block: {},
    mutex: {},
    trace: { seconds: 2 },
    metrics: {},
    version: {},
    healthz: {},
  },
}

export function compileSet(entry: ProfileSetEntry): RequestedCapture {
  const { verbosity, ...kinds } = entry
  const profiles = Object.keys(kinds).filter((kind): kind is CaptureKind => kind !== 'verbosity')
  return {
    profiles,
    seconds: entry.cpu === undefined ? null : (entry.cpu.seconds ?? USUAL_CPU_SECONDS),
    ...(entry.trace?.seconds === undefined ? {} : { traceSeconds: entry.trace.seconds }),
    ...(entry.heap?.gc === undefined ? {} : { hasGc: entry.heap.gc }),
    ...(verbosity === undefined ? {} : { verbosity }),
  }
}

type Compiled<Definition> =
  | { readonly definition: Definition }
  | { readonly faults: readonly PathFault[] }

export function compileSchedule(
  entry: ScheduleEntry,
  context: ScheduleContext,
): Compiled<ScheduleDefinition> {
  const { path, limits } = context
  const profileSet = entry.take ?? 'baseline'
  const request = context.sets.get(profileSet)
  const timing = timingOf(entry, path)
  const faults = [
    ...unknownTargets(entry.targets, context),
    ...(request === undefined ? [unknownSet(profileSet, context)] : []),
    ...('faults' in timing ? timing.faults : costFaults({ timing, request, path, limits })),
  ]
  if (faults.length > 0 || request === undefined || 'faults' in timing) return { faults }
  const { name, overlap = 'skip', missed = 'skip', every = null } = entry
  return { definition: { name, timing, everyText: every, overlap, missed, profileSet, request } }
}

export function compileTrigger(
  entry: TriggerEntry,
  context: ScheduleContext,
): Compiled<TriggerDefinition> {
  const profileSet = entry.take ?? 'incident'
  const request = context.sets.get(profileSet)
  const faults = [
    ...unknownTargets(entry.targets, context),
    ...(request === undefined ? [unknownSet(profileSet, context)] : []),
  ]
  if (faults.length > 0 || request === undefined) return { faults }
  const { name, targets, matchInstance = true, cooldown } = entry
  const labels = Object.fromEntries(
    Object.entries(entry.alert).map(([label, value]) => [label, [value].flat()]),
  )
  const cooldownMs = cooldown === undefined ? COOLDOWN_MS : durationMs(cooldown)
  return { definition: { name, labels, targets, matchInstance, cooldownMs, request } }
}

function unknownTargets(
  names: readonly string[],
  { path, targets }: ScheduleContext,
): readonly PathFault[] {
  return names.flatMap((name, place) =>
    targets.has(name)
      ? []
      : [{ path: [...path, 'targets', place], message: `there is no target "${name}"` }],
  )
}

function unknownSet(name: string, { path, sets }: ScheduleContext): PathFault {
  const known = [...sets.keys()].join(', ')
  return {
    path: [...path, 'take'],
    message: `there is no profile set "${name}"; there are ${known}`,
  }
}

function timingOf(
  entry: ScheduleEntry,
  path: FilePath,
): Timing | { readonly faults: readonly PathFault[] } {
  const { every, cron, timezone = 'UTC', jitter = 'spread' } = entry
  const fault = (key: string, message: string) => ({ faults: [{ path: [...path, key], message }] })
  if (every !== undefined && cron !== undefined) return fault('cron', 'cannot be beside `every`')
  if (every !== undefined) {
    const intervalMs = durationMs(every)
    const jitterMs = jitterMsOf(jitter, intervalMs)
    if (jitterMs > intervalMs) return fault('jitter', 'is longer than `every`')
    return { kind: 'interval', intervalMs, jitterMs }
  }
  if (cron === undefined) return { faults: [{ path, message: 'lacks `every` or `cron`' }] }
  try {
    const next = new Cron(cron, { timezone, mode: '5-or-6-parts', paused: true }).nextRun()
    if (next === null) return fault('cron', 'is never due')
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const isZone = message.includes('toTZ') || message.includes('time zone')
    return fault(isZone ? 'timezone' : 'cron', `is not valid: ${message}`)
  }
  return {
    kind: 'cron',
    pattern: cron,
    timezone,
    jitterMs: jitterMsOf(jitter, CRON_JITTER_MS),
  }
}

function jitterMsOf(jitter: string, spreadMs: number): number {
  if (jitter === 'none') return 0
  return jitter === 'spread' ? spreadMs : durationMs(jitter)
}

interface Cost {
  readonly timing: Timing
  readonly request: RequestedCapture | undefined
  readonly path: FilePath
  readonly limits: ScheduleLimits
}

/** A schedule that would be skipped every time is refused at once. */
function costFaults({ timing, request, path, limits }: Cost): readonly PathFault[] {
  if (timing.kind === 'cron') return []
  const every = [...path, 'every']
  const { intervalMs } = timing
  if (intervalMs < limits.intervalMsMin) {
    return [{ path: every, message: `is less than ${limits.intervalMsMin / 1000} s` }]
  }
  const share = ((request?.seconds ?? 0) * 1000) / intervalMs
  if (share <= limits.cpuShareMax) return []
  const message =
    `would have a process under CPU profiling for ${percent(share)} of its time; ` +
    `collect.cpuShareMax allows ${percent(limits.cpuShareMax)}`
  return [{ path: every, message }]
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`
}
