import type { Kysely } from 'kysely'
import type { Schema } from '../schema/schema.ts'
import type { Write } from './write.ts'

/** An open database with its tables. Its errors are those of the catalogue. */
export interface Database {
  readonly db: Kysely<Schema>
  readonly write: Write
  /** The time that leases are compared with, in milliseconds since the Unix epoch. */
  readonly now: () => number
  /** Runs reads that all see the rows of one moment, while others go on writing. */
  readonly snapshot: <Result>(work: (db: Kysely<Schema>) => Promise<Result>) => Promise<Result>
  readonly close: () => Promise<void>
}
