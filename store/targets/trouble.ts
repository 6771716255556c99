/** Why something failed, for display. `code` is from the error catalogue. */
export interface StoredTrouble {
  readonly code: string
  readonly message: string
  readonly atMs: number
}
