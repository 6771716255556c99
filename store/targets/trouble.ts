/** Why something did not work, as it is shown. `code` is one of the error catalogue. */
export interface StoredTrouble {
  readonly code: string
  readonly message: string
  readonly atMs: number
}

/** Of a column that we alone write, so that its shape is known. */
export function toTrouble(text: string | null): StoredTrouble | null {
  return text === null ? null : JSON.parse(text)
}
