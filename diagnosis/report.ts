/**
 * What `kubeprof diagnose --json` prints, what the service stores and serves, and what the page shows. Texts are in one
 * language; numbers, ids and names are the same in all.
 */
export interface Report {
  /** Grows when a reader of the older form would misread this one. New members alone do not count. */
  readonly version: 1
  readonly language: Language
  readonly inputs: readonly ReportInput[]
  /** Of the CPU profile; `null` when there is none, or it has no samples. */
  readonly gc: GcAccount | null
  /** Most severe first, then by impact. What a finding explains is folded into its `also`. */
  readonly findings: readonly Finding[]
  /** What could not be judged, and why. */
  readonly notes: readonly Note[]
}

export type Language = 'en' | 'zh'

/** info: true and worth knowing. warning: acting will visibly help. critical: this is the incident. */
export type Level = 'info' | 'warning' | 'critical'

/** Which of Go's profiles it is; `unknown` where neither sample types nor stacks tell. */
export type ProfileType =
  | 'cpu'
  | 'heap'
  | 'allocs'
  | 'goroutine'
  | 'block'
  | 'mutex'
  | 'threadcreate'
  | 'unknown'

export interface ReportInput {
  /** As it was given: a path, or a name the service knows it by. */
  readonly path: string
  readonly type: ProfileType
  /** `kube-apiserver`, `etcd`, ... inferred from the profile unless told. */
  readonly component: string | null
  /** As far as it is known: `v1.30.4` when told, `1.30-1.31` or `>=1.33` when inferred from symbols. */
  readonly kubernetesVersion: string | null
  readonly goVersion: string | null
  readonly durationSeconds: number | null
  /** Samples taken: CPU ticks, goroutines, contentions, or sampled allocations. */
  readonly samples: number
  /** Share of the value in stacks that Go had cut, 0 to 1, and of those the share that could be re-rooted. */
  readonly cutShare: number
  readonly rerootedShare: number
}

/** Where CPU time went in the collector. The shares are of all CPU time, and no sample is counted twice. */
export interface GcAccount {
  /** CPU the program would not have spent without a collector. */
  readonly paidShare: number
  /** Marking on processors that had nothing else to do; harmless unless the container has a CPU limit. */
  readonly idleShare: number
  /** Allocation itself, beside `paidShare` and not in it. */
  readonly allocShare: number
  /** cum(runtime.gcBgMarkWorker), which people know: it misses assists, sweeping and barriers, and holds idle marking. */
  readonly naiveShare: number
  /** CPU seconds per second that the process used, all in all; `null` when the profile does not say how long it took. */
  readonly cores: number | null
  /** The whole account: every class of stack with its share, adding up to 1. */
  readonly classes: readonly GcClass[]
}

export interface GcClass {
  /** `gc.assist`, `alloc`, `sched`, `mutator`, ... */
  readonly name: string
  readonly share: number
}

export interface Finding {
  readonly rule: string
  /** Which controller, plugin or handler, of rules that judge each apart; else `null`. */
  readonly group: string | null
  readonly level: Level
  readonly title: string
  /** What it means, in one or two sentences, with the numbers of this profile. */
  readonly meaning: string
  readonly profile: ProfileType
  /** Row of `inputs` it was found in. */
  readonly input: number
  /** The number the level stands on, and its unit: `nanoseconds`, `bytes`, `count`. */
  readonly value: number
  readonly unit: string
  /** 0 to 1 of the profile. `shareLow` and `shareHigh` bound it with 95% confidence. */
  readonly share: number
  readonly shareLow: number
  readonly shareHigh: number
  /** CPU seconds per second; `null` outside CPU profiles. */
  readonly cores: number | null
  /** The samples, contentions or goroutines that matched. */
  readonly count: number
  readonly evidence: readonly Evidence[]
  /** Functions that the rule looked for and found, normalised names, most time first: what a view marks. */
  readonly frames: readonly string[]
  readonly remedy: readonly string[]
  readonly next: readonly NextStep[]
  readonly sources: readonly string[]
  /** Findings that have the same cause and are told by this one. */
  readonly also: readonly FoldedFinding[]
}

export interface FoldedFinding {
  readonly rule: string
  readonly group: string | null
  readonly level: Level
  readonly title: string
  readonly profile: ProfileType
  readonly share: number
  readonly cores: number | null
  readonly count: number
}

/**
 * `stack`: one of the hottest stacks under the match. `numbers`: what the level stands on. `kinds`: object kinds seen.
 * `split`: parts of the match. `callers`: who calls it. `limits`: what weakens or caps the finding. `profile`, `metric`,
 * `log`: what another source says of the same thing.
 */
export type EvidenceKind =
  | 'stack'
  | 'numbers'
  | 'kinds'
  | 'split'
  | 'callers'
  | 'limits'
  | 'profile'
  | 'metric'
  | 'log'

export interface Evidence {
  readonly kind: EvidenceKind
  readonly text: string
  /** Function names, root first. */
  readonly stack?: readonly string[]
  /** How many frames at the root of `stack` are inferred: Go had cut the stack there. */
  readonly inferred?: number
  /** Rows of `stack` that the rule looked for. */
  readonly matched?: readonly number[]
  /** In the finding's unit. */
  readonly value?: number
  readonly share?: number
}

/** Where to look for what a profile cannot show. One of `command`, `metric`, `log` is there. */
export interface NextStep {
  readonly what: string
  readonly command?: string
  readonly metric?: string
  readonly log?: string
}

export interface Note {
  /** `mutex_not_enabled`, `too_few_samples`, `stacks_cut`, `since_start`, ... */
  readonly code: string
  readonly text: string
  /** Row of `inputs`; `null` for the report as a whole. */
  readonly input: number | null
}
