/** The table of spaces, as migrations/0009-spaces.ts makes it. */
export interface SpaceSchema {
  readonly space: SpaceTable
}

export interface SpaceTable {
  readonly name: string
  readonly title: string
  readonly createdAtMs: number
}
