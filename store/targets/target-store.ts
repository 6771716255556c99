import type { TestTargetReply } from '../../api/index.ts'
import type { ProcessAddress } from '../process-address.ts'
import type { TargetSpec } from './target-spec.ts'
import type { StoredTrouble } from './trouble.ts'
import type { Page, PageRequest } from '../page.ts'
import type { ScheduleDefinition, TriggerDefinition } from './schedule-store.ts'

/** What an operator named to be captured. */
export interface TargetDefinition {
  /** Within a space: its key; see target-name.ts. */
  readonly name: string
  /** The space it belongs to; the default one where it is absent. */
  readonly space?: string
  /** `kube-apiserver`, `etcd`, `go`, ... */
  readonly kind: string
  readonly cluster: string | null
  /** The URL of a single-address target, without credentials. */
  readonly url: string | null
  /** How it is found and reached, as text for people. */
  readonly description: string
  /** What the collector needs to find it. May contain paths of secrets, never secrets. */
  readonly spec: TargetSpec
  /** Group of its processes: at most `groupMax` of a group are captured at once. */
  readonly group: string
  readonly groupMax: number
  /** Names of its schedules. Unknown names are ignored. */
  readonly schedules: readonly string[]
}

export interface StoredTarget extends TargetDefinition {
  readonly origin: 'file' | 'web'
  readonly pausedAtMs: number | null
  readonly discoveredAtMs: number | null
  /** Why the last discovery failed; `null` when it succeeded. */
  readonly trouble: StoredTrouble | null
  /** A remark of the last discovery. */
  readonly note: string | null
}

/** A process as a discovery found it. */
export interface FoundProcess {
  /** Key of the process: targets that find the same process share its lease. */
  readonly key: string
  readonly component: string | null
  readonly instance: string | null
  readonly cluster: string | null
  readonly via: string
  readonly note: string | null
  readonly address: ProcessAddress
  /** At most `groupMax` processes of a group are captured at once. */
  readonly group: string | null
  readonly groupMax: number
}

/** A process of one target, with the state of its captures. */
export interface StoredProcess extends FoundProcess {
  readonly target: string
  readonly seenAtMs: number
  /** Time of the first discovery that did not find it. */
  readonly goneAtMs: number | null
  /** Number of consecutive failed captures. */
  readonly failureCount: number
  /** Schedules skip it until this time. */
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

/** The contents of a targets file. */
export interface TargetsFileContents {
  readonly targets: readonly TargetDefinition[]
  readonly schedules: readonly ScheduleDefinition[]
  readonly triggers: readonly TriggerDefinition[]
  /** Only names: how to reach a cluster stays in the file. */
  readonly clusters: readonly string[]
  /** Address ranges allowed for targets, beside the default ones. */
  readonly allow: readonly string[]
}

export interface TargetsFileRow {
  readonly path: string
  readonly loadedAtMs: number | null
  readonly clusters: readonly string[]
  readonly allow: readonly string[]
  readonly checkedAtMs: number
  /** The faults of the current file; the previous version stays in force. */
  readonly faults: readonly string[]
  /** Time of the last request to read the file at once. */
  readonly reloadAskedAtMs: number | null
}

export interface TargetFilter {
  readonly space?: string
  readonly component?: string
  readonly cluster?: string
}

/** A target whose due discovery or test this collector now runs. */
export interface TargetTask {
  readonly target: StoredTarget
  readonly askedAtMs: number
}

/** The targets and their discovered processes. */
export interface TargetStore {
  /**
   * Replaces targets, schedules and triggers by those of the file, in one transaction. Removed ones
   * are deleted; unchanged ones keep their pause, processes and next runs. A target of the file
   * replaces one added in the web page under the same name.
   */
  applyFile(path: string, contents: TargetsFileContents): Promise<void>
  /** Records that the current file is invalid. */
  refuseFile(path: string, faults: readonly string[]): Promise<void>
  /** `null` when no collector has read one. */
  fileState(): Promise<TargetsFileRow | null>
  askReload(): Promise<void>
  /** False when the name exists. */
  create(definition: TargetDefinition): Promise<boolean>
  /** False when no target of this name was added in the web page. */
  replace(definition: TargetDefinition): Promise<boolean>
  /** False when no target of this name was added in the web page. Its captures stay. */
  remove(name: string): Promise<boolean>
  find(name: string): Promise<StoredTarget | null>
  /** Sorted by name. A cursor is the last name of the previous page. */
  list(filter: TargetFilter, page: PageRequest): Promise<Page<StoredTarget>>
  /** The processes of these targets, by target and key. */
  processes(targets: readonly string[]): Promise<readonly StoredProcess[]>
  findProcess(target: string, key: string): Promise<StoredProcess | null>
  /** False for an unknown name. */
  setPaused(name: string, isPaused: boolean): Promise<boolean>
  /**
   * Claims the targets whose discovery is due; it is due again after `everyMs`. Paused targets are
   * left out.
   */
  claimDiscoveries(request: {
    readonly limit: number
    readonly everyMs: number
  }): Promise<readonly StoredTarget[]>
  /** Replaces the processes of the target. Processes no longer found are marked as gone. */
  discovered(name: string, processes: readonly FoundProcess[], note: string | null): Promise<void>
  /** Records a failed discovery. The processes stay. */
  discoveryFailed(name: string, trouble: StoredTrouble): Promise<void>
  /**
   * Requests a test of the target by any collector. Returns the time to pass to `findTest`, or
   * `null` for an unknown name.
   */
  askTest(name: string): Promise<number | null>
  claimTests(limit: number): Promise<readonly TargetTask[]>
  saveTest(name: string, askedAtMs: number, result: TestTargetReply): Promise<void>
  /** The result of the test requested at that time, or of a later one; `null` until it exists. */
  findTest(name: string, askedAtMs: number): Promise<TestTargetReply | null>
}
