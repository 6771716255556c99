/**
 * A doorbell that says "there is an analysis to do". It carries ids and keeps nothing that matters: the database is the
 * truth, and a sweep finds what no bell was rung for. An id may be rung for any number of times; the claim decides.
 */
export interface Queue {
  /**
   * Tells some worker. Settles within a second: callers answer their upload first. Throws QUEUE_UNAVAILABLE, which
   * callers count and go on; the bell may ring all the same.
   */
  ring(analysisId: string): Promise<void>
  /**
   * Hands every bell to this worker, at most `concurrency` at a time. The handler returns when the work is over. May be
   * called once.
   */
  onRing(handler: RingHandler, options: RingOptions): Promise<void>
  /** Throws QUEUE_UNAVAILABLE with a sentence when bells are not carried now. */
  check(): Promise<void>
  /** Takes no bells any more and waits for the handlers that run. */
  close(): Promise<void>
}

export type RingHandler = (analysisId: string) => Promise<void>

export interface RingOptions {
  readonly concurrency: number
}
