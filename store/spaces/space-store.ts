/** A part of the data that one team sees. The default space has no row. */
export interface StoredSpace {
  readonly name: string
  /** For people. */
  readonly title: string
  readonly createdAtMs: number
}

/** The spaces beside the default one. */
export interface SpacesStore {
  /** False when the name exists. */
  add(space: Pick<StoredSpace, 'name' | 'title'>): Promise<boolean>
  find(name: string): Promise<StoredSpace | null>
  /** By name. */
  list(): Promise<readonly StoredSpace[]>
}
