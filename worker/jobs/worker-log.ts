/** The part of a pino logger that the worker uses. */
export interface WorkerLog {
  readonly info: WriteLog
  readonly warn: WriteLog
  readonly error: WriteLog
}

export type WriteLog = (fields: object, message: string) => void
