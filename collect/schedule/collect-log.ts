/** Where the collector says what it does: pino, or anything alike. */
export interface CollectLog {
  readonly info: (fields: object, text: string) => void
  readonly warn: (fields: object, text: string) => void
  readonly error: (fields: object, text: string) => void
}
