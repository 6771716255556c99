/** The log of collectors and workers: pino, or anything with these methods. One line per outcome. */
export interface Log {
  readonly info: WriteLog
  readonly warn: WriteLog
  readonly error: WriteLog
}

type WriteLog = (fields: object, message: string) => void
