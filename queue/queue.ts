/**
 * Notifies workers of analyses to run. It carries only ids: the database is the source of truth,
 * and a sweep finds analyses without a notification. In memory, in Redis or in
 * Postgres. An id may be sent any number of times; the claim decides.
 */
export interface Queue {
  /**
   * Notifies one worker. Of many in a short time only some may arrive, the last among them: a worker does all that is due.
   * Settles within about a second. Throws QUEUE_UNAVAILABLE, which callers count and ignore; the notification may still
   * arrive.
   */
  notify(analysisId: string): Promise<void>
  /**
   * Passes every notification to the handler, at most `concurrency` at a time. The handler returns
   * when the work has ended. May be called once.
   */
  onNotify(handler: NotificationHandler, options: NotificationOptions): Promise<void>
  /** Throws QUEUE_UNAVAILABLE when notifications cannot be delivered now. */
  check(): Promise<void>
  /** Stops taking notifications and waits for running handlers. */
  close(): Promise<void>
}

export type NotificationHandler = (analysisId: string) => Promise<void>

export interface NotificationOptions {
  readonly concurrency: number
}
