/**
 * Notifies workers that there is an analysis to do. It carries ids and keeps nothing that matters: the database is the
 * truth, and a sweep finds what was never announced. In memory and in Redis today, in Postgres next. An id may be announced any number of times; the claim decides.
 */
export interface Queue {
  /**
   * Notifies one worker. Settles within a second: callers answer their upload first. Throws QUEUE_UNAVAILABLE, which
   * callers count and go on; the notification may arrive all the same.
   */
  notify(analysisId: string): Promise<void>
  /**
   * Hands every notification to this worker, at most `concurrency` at a time. The handler returns when the work is over.
   * May be called once.
   */
  onNotify(handler: NotificationHandler, options: NotificationOptions): Promise<void>
  /** Throws QUEUE_UNAVAILABLE with a sentence when notifications are not carried now. */
  check(): Promise<void>
  /** Takes no notifications any more and waits for the handlers that run. */
  close(): Promise<void>
}

export type NotificationHandler = (analysisId: string) => Promise<void>

export interface NotificationOptions {
  readonly concurrency: number
}
