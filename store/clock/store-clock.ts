/** The times that a store compares with its clock. */
export interface PullBackRules {
  /** The lease of an analysis or judgement. */
  readonly jobLeaseMs: number
}

/** The clock of the rows: that of the database, where processes of several machines share one. */
export interface StoreClock {
  readonly now: () => number
  /**
   * After the clock stepped back, leases, retries and discoveries lie too far in the future and would
   * wait for as long as the step was. Sets each to the latest time that it can have now, so that
   * nothing is expired early. Returns how many were set. Slots are pulled back by
   * ScheduleStore.alignSlots, which knows the schedules.
   */
  pullBack(rules: PullBackRules): Promise<number>
}
