import type { RequestedCapture } from '../captures/requested-capture.ts'
import type { Page, PageRequest } from '../page.ts'
import type { StoredTrouble } from './trouble.ts'

/**
 * When a schedule is due. `jitterMs` spreads its processes over this time, each at a fixed offset.
 */
export type Timing =
  | { readonly kind: 'interval'; readonly intervalMs: number; readonly jitterMs: number }
  | {
      readonly kind: 'cron'
      readonly pattern: string
      readonly timezone: string
      readonly jitterMs: number
    }

export interface ScheduleDefinition {
  readonly name: string
  readonly timing: Timing
  /** `10m`, as written in the file; `null` with cron. */
  readonly everyText: string | null
  /** What to do while the previous capture is unfinished: skip the slot, or queue one capture. */
  readonly overlap: 'skip' | 'queue'
  /** What to do with a slot that passed while no collector ran. */
  readonly missed: 'skip' | 'run-once'
  readonly profileSet: string
  readonly request: RequestedCapture
}

export interface StoredSchedule extends ScheduleDefinition {
  readonly targets: readonly string[]
  readonly pausedAtMs: number | null
  readonly processCount: number
  readonly failingCount: number
  readonly nextRunAtMs: number | null
  readonly lastRunAtMs: number | null
  readonly skipped: SkipCounts
  /** Trouble of the process that failed last. */
  readonly trouble: StoredTrouble | null
}

export type SkipReason = 'missed' | 'overlap' | 'failing' | 'cost'
export type SkipCounts = Readonly<Record<SkipReason, number>>

/** One process of one schedule at one time. */
export interface DueSlot {
  readonly schedule: string
  readonly target: string
  readonly processKey: string
  readonly slotAtMs: number
}

export interface ClaimedSlots {
  /** Ids of the captures created from due slots. */
  readonly captureIds: readonly string[]
  readonly skipped: readonly (DueSlot & { readonly reason: SkipReason })[]
  /** False when more may be due. */
  readonly isAll: boolean
}

export interface SlotRules {
  readonly limit: number
  /** The first slot of a process after this time; `null` when the schedule has ended. */
  readonly nextSlotMs: (timing: Timing, processKey: string, afterMs: number) => number | null
  /** A slot later than this counts as missed. */
  readonly graceMs: (timing: Timing) => number
  /** The limit of CPU profiling by schedules and alerts for one process. */
  readonly cost: CostRules
}

/** At most `share` (0 to 1) of any `windowMs` of a process may be under CPU profiling. */
export interface CostRules {
  readonly share: number
  readonly windowMs: number
}

export interface TriggerDefinition {
  readonly name: string
  /** All must match; a label matches when it has one of the values. */
  readonly labels: Readonly<Record<string, readonly string[]>>
  readonly targets: readonly string[]
  /** Whether a matching label `instance` narrows the selection to that process. */
  readonly matchInstance: boolean
  readonly cooldownMs: number
  readonly request: RequestedCapture
}

/** A process to capture because of an alert. */
export interface AlertRequest {
  readonly trigger: TriggerDefinition
  /** The alert itself: fingerprint and start. */
  readonly alertKey: string
  readonly alertName: string
  readonly target: string
  readonly processKey: string
}

export type AlertOutcome =
  | { readonly captureId: string }
  | { readonly skipped: 'repeated' | 'cooldown' | 'cost' }

export interface ScheduleFilter {
  /** One that it captures. */
  readonly target?: string
  /** The kind of a target that it captures, or the component of a process of one. */
  readonly component?: string
  readonly status?: 'active' | 'paused'
}

/** Schedules, the slots of their processes, and what alerts trigger. */
export interface ScheduleStore {
  /** By name. */
  list(filter: ScheduleFilter, page: PageRequest): Promise<Page<StoredSchedule>>
  find(name: string): Promise<StoredSchedule | null>
  /** False for an unknown name. A resumed schedule does not catch up. */
  setPaused(name: string, isPaused: boolean): Promise<boolean>
  /** Adds a slot for every process of every schedule, and deletes slots that no longer apply. */
  alignSlots(rules: Pick<SlotRules, 'nextSlotMs'>): Promise<void>
  /**
   * Claims the due slots, each once even with several collectors. Adds a waiting capture per slot,
   * in the same transaction that moves the slot to its next time.
   */
  claimDue(rules: SlotRules): Promise<ClaimedSlots>
  triggers(): Promise<readonly TriggerDefinition[]>
  /**
   * Adds a waiting capture, unless this alert already created one of this process or the trigger is
   * in cooldown.
   */
  fireAlert(request: AlertRequest, cost: CostRules): Promise<AlertOutcome>
}
