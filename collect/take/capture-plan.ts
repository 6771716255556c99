/** What a capture is made of. */
export type CaptureKind =
  | 'cpu'
  | 'heap'
  | 'allocs'
  | 'goroutine'
  | 'block'
  | 'mutex'
  | 'threadcreate'
  /** An execution trace. */
  | 'trace'
  /** `goroutine?debug=2`: stacks as text, for which the process stops. */
  | 'goroutine-text'
  | 'metrics'
  | 'version'
  | 'healthz'

/** What is taken of one process, in the order of `parts`. */
export interface CapturePlan {
  readonly parts: readonly PlannedPart[]
  /** Names of metrics that are kept; the rest of a page is ten times as much. */
  readonly metricNames: ReadonlySet<string>
  /** Null leaves the log level alone. */
  readonly verbosity: VerbosityPlan | null
}

export interface PlannedPart {
  readonly kind: CaptureKind
  /** In a folder, in a bundle and in the store: `cpu.pb.gz`. */
  readonly fileName: string
  /** Under pprof's folder, `heap?gc=1`, or an absolute path, `/metrics`. */
  readonly path: string
  /** How long the process is measured; null for what is there at once. */
  readonly seconds: number | null
  readonly headersMsMax: number
  readonly wholeMsMax: number
  readonly bytesMax: number
  /** Whether the process may lack it, which is then only noted. */
  readonly isOptional: boolean
}

/** Raise klog's level to `level` while the capture is taken, then set it to `restoreTo`. */
export interface VerbosityPlan {
  readonly level: number
  /** What the process was started with, `--v`; it cannot be read from the process. */
  readonly restoreTo: number
}
