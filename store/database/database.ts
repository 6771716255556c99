import type { Kysely } from 'kysely'
import type { Schema } from '../schema/schema.ts'
import type { Write } from './write.ts'

/** An open database with its tables. Its errors are those of the catalogue. */
export interface Database {
  readonly db: Kysely<Schema>
  readonly write: Write
  /** The time that leases are compared with, in milliseconds since the Unix epoch. */
  readonly now: () => number
  readonly close: () => Promise<void>
}
