/** Why the database is not trusted to know all blobs. */
export type StopReason =
  | 'database_new'
  | 'other_installation'
  | 'blobs_unmarked'
  | 'database_older'
  | 'rows_missing'
  | 'many_orphans'
  | 'copy_incomplete'
  | 'backup_running'

/** A reason that was found; the other is a decision. */
export type FoundReason = Exclude<StopReason, 'backup_running'>

/** Deletion is stopped: a missing row is no proof that a blob is not needed. */
export interface DeletionStop {
  readonly reason: StopReason
  /** What was found, and the command that accepts it. */
  readonly text: string
  readonly sinceMs: number
  /** When it ends by itself; absent for never. */
  readonly untilMs?: number
}

/** Reasons that hold as long as a comparison finds them, and end with it. The others need a decision. */
export const COMPARED_REASONS: ReadonlySet<StopReason> = new Set([
  'database_new',
  'other_installation',
  'blobs_unmarked',
  'database_older',
])

const FOUND: Readonly<Record<FoundReason, string>> = {
  database_new:
    'The database is new, but the stored files are of an earlier one: their rows are missing.',
  other_installation: 'The database and the stored files belong to different installations.',
  blobs_unmarked:
    'The stored files are not those that this database was used with: another folder or bucket may be mounted.',
  database_older:
    'The database is an older copy: the stored files have been used with a newer one since.',
  rows_missing: 'The database may be an older copy: stored files are newer than its newest row.',
  copy_incomplete:
    'A copy into this store was interrupted: run the same command again, so that all files are there.',
  many_orphans: 'More stored files are in no row of the database than crashes leave behind.',
}

/** A sentence on what was found, with its numbers, and what to do. */
export function stopText(
  reason: keyof typeof FOUND,
  numbers: string,
  acceptCommand: string,
): string {
  const found = numbers === '' ? FOUND[reason] : `${FOUND[reason]} ${numbers}`
  return `${found} Nothing is deleted until the right database or files are back. If what is missing is lost for good, accept it with: ${acceptCommand}`
}
