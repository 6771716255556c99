import type { Generated } from 'kysely'

/** The tables of targets and schedules, as migrations/0003-targets.ts makes them. */
export interface TargetSchema {
  readonly targetsFile: TargetsFileTable
  readonly target: TargetTable
  readonly targetSchedule: TargetScheduleTable
  readonly process: ProcessTable
  readonly targetProcess: TargetProcessTable
  readonly profiledTime: ProfiledTimeTable
  readonly raisedVerbosity: RaisedVerbosityTable
  readonly schedule: ScheduleTable
  readonly slot: SlotTable
  readonly trigger: TriggerTable
  readonly alertSeen: AlertSeenTable
}

export interface TargetsFileTable {
  readonly path: string
  readonly loadedAtMs: number | null
  readonly clustersJson: string
  readonly allowJson: string
  readonly checkedAtMs: number
  readonly faultsJson: string
  readonly reloadAskedAtMs: number | null
}

export interface TargetTable {
  readonly name: string
  readonly origin: 'file' | 'web'
  readonly kind: string
  readonly cluster: string | null
  /** The TargetDefinition. */
  readonly definitionJson: string
  readonly pausedAtMs: number | null
  readonly discoverAtMs: number
  readonly discoveredAtMs: number | null
  readonly troubleJson: string | null
  readonly note: string | null
  readonly testAskedAtMs: number | null
  readonly testClaimedAtMs: number | null
  readonly testedAtMs: number | null
  readonly testJson: string | null
  readonly space: Generated<string>
}

export interface TargetScheduleTable {
  readonly target: string
  readonly schedule: string
}

/**
 * A process, independent of the targets that found it. Its row stays as long as any target finds
 * it.
 */
export interface ProcessTable {
  readonly key: string
  readonly component: string | null
  readonly cluster: string | null
  readonly groupName: string | null
  readonly groupMax: number
  readonly failureCount: number
  readonly nextTryAtMs: number | null
  readonly troubleJson: string | null
  readonly lastCaptureId: string | null
  readonly lastCaptureStatus: string | null
  readonly lastCaptureAtMs: number | null
  readonly lastSuccessAtMs: number | null
  readonly leaseOwner: string | null
  readonly leaseToken: string | null
  readonly leaseUntilMs: number | null
  readonly leaseCaptureId: string | null
  readonly fence: number
}

export interface TargetProcessTable {
  readonly target: string
  readonly processKey: string
  readonly instance: string | null
  readonly via: string
  readonly note: string | null
  readonly addressJson: string
  readonly seenAtMs: number
  readonly goneAtMs: number | null
}

/** When and how long a process was under CPU profiling. */
export interface ProfiledTimeTable {
  readonly captureId: string
  readonly processKey: string
  readonly atMs: number
  readonly cpuMs: number
}

export interface RaisedVerbosityTable {
  readonly processKey: string
  readonly target: string
  readonly addressJson: string
  readonly level: number
  readonly leaseToken: string
}

export interface ScheduleTable {
  readonly name: string
  /** The ScheduleDefinition. */
  readonly definitionJson: string
  readonly pausedAtMs: number | null
  readonly lastRunAtMs: number | null
  readonly missedCount: number
  readonly overlapCount: number
  readonly failingCount: number
  readonly costCount: number
}

export interface SlotTable {
  readonly schedule: string
  readonly processKey: string
  readonly target: string
  /** `null` when the schedule has no further time. */
  readonly nextAtMs: number | null
}

export interface TriggerTable {
  readonly name: string
  readonly place: number
  /** The TriggerDefinition. */
  readonly definitionJson: string
}

/** An alert that created a capture, or a trigger in cooldown, until this time. */
export interface AlertSeenTable {
  readonly key: string
  readonly untilMs: number
}
