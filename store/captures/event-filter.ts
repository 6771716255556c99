/** Processes of these targets, in a span of time. */
export interface EventFilter {
  readonly space: string
  readonly targets: readonly string[]
  readonly fromMs: number
  /** Not included. */
  readonly toMs: number
}
