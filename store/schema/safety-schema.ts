/** The tables of migrations/0004-safety.ts. */
export interface SafetySchema {
  readonly installation: InstallationTable
}

/** One row, named `this`. */
export interface InstallationTable {
  readonly name: string
  readonly id: string
  /** As in BlobIdentity; 0 until the blobs were found to belong to this database. */
  readonly mark: number
  /** The time of the newest blob row when the mark was raised last. */
  readonly newestRowAtMs: number | null
  /** Blobs without rows from before this time were accepted as garbage. */
  readonly acceptedAtMs: number | null
  /** The DeletionStop. */
  readonly stopJson: string | null
}
