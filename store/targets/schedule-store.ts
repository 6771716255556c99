import type { RequestedCapture } from '../captures/requested-capture.ts'
import type { StoredTrouble } from './trouble.ts'

/** When a schedule is due. `jitterMs` spreads its processes, each always at the same place, over this time. */
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
  /** `10m`, as the file says it; `null` with cron. */
  readonly everyText: string | null
  /** What to do when the capture before is not over: pass over, or keep one waiting. */
  readonly overlap: 'skip' | 'queue'
  /** What to do about a slot at whose time no collector ran. */
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
  /** Of the process of it that failed last. */
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
  /** Slots that have become waiting captures: their ids. */
  readonly captureIds: readonly string[]
  readonly skipped: readonly (DueSlot & { readonly reason: SkipReason })[]
  /** False when more may be due. */
  readonly isAll: boolean
}

export interface SlotRules {
  readonly limit: number
  /** The first slot of a process after this time; `null` when there is none any more. */
  readonly nextSlotMs: (timing: Timing, processKey: string, afterMs: number) => number | null
  /** A slot that is late by more was missed. */
  readonly graceMs: (timing: Timing) => number
  /** How much of a window a process may spend under CPU profiling for schedules and alerts. */
  readonly cost: CostRules
}

/** At most `share` (0 to 1) of any `windowMs` of a process is spent under CPU profiling. */
export interface CostRules {
  readonly share: number
  readonly windowMs: number
}

export interface TriggerDefinition {
  readonly name: string
  /** All must match; a label matches when it has one of the values. */
  readonly labels: Readonly<Record<string, readonly string[]>>
  readonly targets: readonly string[]
  /** Whether the label `instance` narrows to the process that it names, where it names one. */
  readonly matchInstance: boolean
  readonly cooldownMs: number
  readonly request: RequestedCapture
}

/** A process that an alert asks to be captured. */
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

/** Schedules, the slots of their processes, and what alerts trigger. */
export interface ScheduleStore {
  /** By name. */
  list(): Promise<readonly StoredSchedule[]>
  find(name: string): Promise<StoredSchedule | null>
  /** False when there is none of this name. A schedule that goes on does not catch up. */
  setPaused(name: string, isPaused: boolean): Promise<boolean>
  /** Gives every process of every schedule a slot, and takes those away that have none any more. */
  alignSlots(rules: Pick<SlotRules, 'nextSlotMs'>): Promise<void>
  /**
   * Takes the slots that are due, each once however many collectors ask: makes a waiting capture of each that is to be
   * taken, in the same transaction in which the slot moves on.
   */
  claimDue(rules: SlotRules): Promise<ClaimedSlots>
  triggers(): Promise<readonly TriggerDefinition[]>
  /** Makes a waiting capture, unless the same alert has made one of this process or the trigger cools down. */
  fireAlert(request: AlertRequest, cost: CostRules): Promise<AlertOutcome>
}
