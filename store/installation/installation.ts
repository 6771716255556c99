import type { BlobIdentity, BlobKey } from '../blobs/blob-store.ts'
import type { DeletionStop } from './deletion-stop.ts'

/**
 * Shows whether database and blobs belong together. Both have the id of the installation and a
 * mark, which is raised as rows are added, first in the database.
 */
export interface Installation {
  /**
   * Compares both, looks for rows that are missing when this process has not done so yet, and raises
   * the mark when rows were added. Returns why nothing may be deleted, or `null`.
   */
  check(): Promise<DeletionStop | null>
  /** What the last check of any process found. */
  stop(): Promise<DeletionStop | null>
  /** Stops deletion when these blobs without rows are too many or too new, until that is accepted. */
  judgeOrphans(orphans: readonly BlobKey[], blobCount: number): Promise<DeletionStop | null>
  /** Stops deletion for a backup, for this long unless another stop holds or is found. */
  pauseDeletion(ms: number): Promise<void>
  /** Ends the pause for a backup. */
  resumeDeletion(): Promise<void>
  /** The id of the database and its mark. */
  identity(): Promise<BlobIdentity>
  /** Stops deletion until `finishCopy`, or until it is accepted. */
  startCopy(): Promise<void>
  /** Makes this a newer state of the installation that it is a copy of. */
  finishCopy(source: BlobIdentity): Promise<void>
  /** Declares that database and blobs belong together, whatever was found. */
  accept(): Promise<void>
}
