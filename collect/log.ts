/** Where collectors and workers write what they did: pino, or anything alike. One line per outcome. */
export interface Log {
  readonly info: WriteLog
  readonly warn: WriteLog
  readonly error: WriteLog
}

type WriteLog = (fields: object, message: string) => void
