import type {
  ListTargetsReply,
  ProcessState,
  ProcessSummary,
  ScheduleSummary,
  TargetSummary,
} from '../../api/index.ts'
import { capturesPerDay } from '../../collect/index.ts'
import {
  FAILING_COUNT,
  type StoredProcess,
  type StoredSchedule,
  type StoredTarget,
  type StoredTrouble,
  type TargetsFileRow,
} from '../../store/index.ts'
import { formatTime } from '../profiles/present-profile.ts'

/** A target as the API shows it, without the fields for the collector. */
export function presentTarget(
  target: StoredTarget,
  processes: readonly StoredProcess[],
): TargetSummary {
  return {
    name: target.name,
    origin: target.origin,
    kind: target.kind,
    cluster: target.cluster,
    url: target.url,
    description: target.description,
    schedules: [...target.schedules],
    pausedAt: timeOrNull(target.pausedAtMs),
    discoveredAt: timeOrNull(target.discoveredAtMs),
    error: presentTrouble(target.trouble),
    note: target.note,
    processes: processes.map(presentProcess),
  }
}

export function presentProcess(process: StoredProcess): ProcessSummary {
  const { lastCapture, nextRun } = process
  return {
    key: process.key,
    target: process.target,
    component: process.component,
    instance: process.instance,
    cluster: process.cluster,
    via: process.via,
    state: stateOf(process),
    isCapturing: process.isLeased,
    failureCount: process.failureCount,
    lastCapture:
      lastCapture === null
        ? null
        : { id: lastCapture.id, status: lastCapture.status, at: formatTime(lastCapture.atMs) },
    lastSuccessAt: timeOrNull(process.lastSuccessAtMs),
    error: presentTrouble(process.trouble),
    nextRun: nextRun === null ? null : { schedule: nextRun.schedule, at: formatTime(nextRun.atMs) },
    seenAt: formatTime(process.seenAtMs),
    note: process.note,
  }
}

export function presentSchedule(schedule: StoredSchedule): ScheduleSummary {
  const { timing, request } = schedule
  return {
    name: schedule.name,
    targets: [...schedule.targets],
    every: schedule.everyText,
    cron: timing.kind === 'cron' ? timing.pattern : null,
    timezone: timing.kind === 'cron' ? timing.timezone : null,
    profileSet: schedule.profileSet,
    profiles: [...(request.profiles ?? [])],
    seconds: request.seconds,
    capturesPerDay: capturesPerDay(timing),
    pausedAt: timeOrNull(schedule.pausedAtMs),
    processCount: schedule.processCount,
    failingCount: schedule.failingCount,
    nextRunAt: timeOrNull(schedule.nextRunAtMs),
    lastRunAt: timeOrNull(schedule.lastRunAtMs),
    skipped: { ...schedule.skipped },
    error: presentTrouble(schedule.trouble),
  }
}

export function presentFile(file: TargetsFileRow | null): ListTargetsReply['file'] {
  if (file === null) return null
  return {
    path: file.path,
    loadedAt: timeOrNull(file.loadedAtMs),
    clusters: [...file.clusters],
    checkedAt: formatTime(file.checkedAtMs),
    faults: [...file.faults],
  }
}

export function stateOf({ goneAtMs, failureCount, lastCapture }: StoredProcess): ProcessState {
  if (goneAtMs !== null) return 'gone'
  if (failureCount >= FAILING_COUNT) return 'failing'
  if (failureCount > 0) return 'troubled'
  return lastCapture === null ? 'unknown' : 'ok'
}

function presentTrouble(trouble: StoredTrouble | null) {
  if (trouble === null) return null
  return { code: trouble.code, message: trouble.message, at: formatTime(trouble.atMs) }
}

function timeOrNull(ms: number | null): string | null {
  return ms === null ? null : formatTime(ms)
}
