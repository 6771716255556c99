import type { TestTargetReply } from '../../api/index.ts'
import type { ProcessAddress } from './process-address.ts'
import type { TargetSpec } from './target-spec.ts'
import type { StoredTrouble } from './trouble.ts'
import type { Page, PageRequest } from '../page.ts'
import type { ScheduleDefinition, TriggerDefinition } from './schedule-store.ts'

/** What an operator named to be captured. */
export interface TargetDefinition {
  readonly name: string
  /** `kube-apiserver`, `etcd`, `go`, ... */
  readonly kind: string
  readonly cluster: string | null
  /** Of a target that is one address; credentials are never part of it. */
  readonly url: string | null
  /** How it is found and reached, for people. */
  readonly description: string
  /** All that the collector needs to find it. Paths of secrets may be in it, secrets never. */
  readonly spec: TargetSpec
  /** Its processes are captured as members of this group: at most `groupMax` at once. */
  readonly group: string
  readonly groupMax: number
  /** Names of the schedules that take it. One that does not exist takes nothing. */
  readonly schedules: readonly string[]
}

export interface StoredTarget extends TargetDefinition {
  readonly origin: 'file' | 'web'
  readonly pausedAtMs: number | null
  readonly discoveredAtMs: number | null
  /** Why the last discovery failed; `null` when it did not. */
  readonly trouble: StoredTrouble | null
  /** What the last discovery had to remark. */
  readonly note: string | null
}

/** A process as a discovery found it. */
export interface FoundProcess {
  /** The process itself: two targets that find it share its lease. */
  readonly key: string
  readonly component: string | null
  readonly instance: string | null
  readonly cluster: string | null
  readonly via: string
  readonly note: string | null
  readonly address: ProcessAddress
  /** Of the processes in one group at most `groupMax` are captured at once. */
  readonly group: string | null
  readonly groupMax: number
}

/** A process of one target, with how it stood with its captures. */
export interface StoredProcess extends FoundProcess {
  readonly target: string
  readonly seenAtMs: number
  /** When a discovery first missed it. */
  readonly goneAtMs: number | null
  /** Captures that failed in a row. */
  readonly failureCount: number
  /** Before this time schedules pass it over. */
  readonly nextTryAtMs: number | null
  readonly trouble: StoredTrouble | null
  readonly lastCapture: {
    readonly id: string
    readonly status: string
    readonly atMs: number
  } | null
  readonly lastSuccessAtMs: number | null
  readonly isLeased: boolean
  readonly nextRun: { readonly schedule: string; readonly atMs: number } | null
}

/** All that a targets file says. */
export interface TargetsFileContents {
  readonly targets: readonly TargetDefinition[]
  readonly schedules: readonly ScheduleDefinition[]
  readonly triggers: readonly TriggerDefinition[]
  /** Names alone: how to reach a cluster stays in the file. */
  readonly clusters: readonly string[]
  /** Ranges of addresses that targets may be in, beside the usual ones. */
  readonly allow: readonly string[]
}

export interface TargetsFileRow {
  readonly path: string
  readonly loadedAtMs: number | null
  readonly clusters: readonly string[]
  readonly allow: readonly string[]
  readonly checkedAtMs: number
  /** What is wrong with the file as it is now; the one before stays in force. */
  readonly faults: readonly string[]
  /** When somebody last asked that the file be read at once. */
  readonly reloadAskedAtMs: number | null
}

export interface TargetFilter {
  readonly component?: string
  readonly cluster?: string
}

/** A target that was found to need a discovery, or a test, and that this collector now does. */
export interface TargetTask {
  readonly target: StoredTarget
  readonly askedAtMs: number
}

/** The targets and what they were found to be. */
export interface TargetStore {
  /**
   * Makes the targets, schedules and triggers of the file those in force, in one go: what is not in it any more goes,
   * what is in it keeps its pause, its processes and its next runs where it did not change. A target made in the page
   * that has the name of one in the file is replaced by it.
   */
  applyFile(path: string, contents: TargetsFileContents): Promise<void>
  /** The file cannot be taken over as it is now. */
  refuseFile(path: string, faults: readonly string[]): Promise<void>
  /** `null` where no collector has read one. */
  fileState(): Promise<TargetsFileRow | null>
  askReload(): Promise<void>
  /** False when there is one of this name. */
  create(definition: TargetDefinition): Promise<boolean>
  /** False when there is none of this name that was made in the page. */
  replace(definition: TargetDefinition): Promise<boolean>
  /** False when there is none of this name that was made in the page. Its captures stay. */
  remove(name: string): Promise<boolean>
  find(name: string): Promise<StoredTarget | null>
  /** By name. A cursor is the name of the last one of the page before. */
  list(filter: TargetFilter, page: PageRequest): Promise<Page<StoredTarget>>
  /** Of these targets, by target and key. */
  processes(targets: readonly string[]): Promise<readonly StoredProcess[]>
  findProcess(target: string, key: string): Promise<StoredProcess | null>
  /** False when there is none of this name. */
  setPaused(name: string, isPaused: boolean): Promise<boolean>
  /** The targets whose discovery is due, which is then due again after `everyMs`. Paused ones wait. */
  claimDiscoveries(request: {
    readonly limit: number
    readonly everyMs: number
  }): Promise<readonly StoredTarget[]>
  /** Makes these the processes of the target. Those that were found before and not now are gone. */
  discovered(name: string, processes: readonly FoundProcess[], note: string | null): Promise<void>
  /** The processes stay as they were. */
  discoveryFailed(name: string, trouble: StoredTrouble): Promise<void>
  /** Asks that some collector tests the target; the time to give `findTest`. `null`: there is none of this name. */
  askTest(name: string): Promise<number | null>
  claimTests(limit: number): Promise<readonly TargetTask[]>
  saveTest(name: string, askedAtMs: number, result: TestTargetReply): Promise<void>
  /** The result of the test that was asked for then, or a later one; `null` until it is there. */
  findTest(name: string, askedAtMs: number): Promise<TestTargetReply | null>
}
