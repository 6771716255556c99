/** Why something did not work, as it is shown. `code` is one of the error catalogue. */
export interface StoredTrouble {
  readonly code: string
  readonly message: string
  readonly atMs: number
}
