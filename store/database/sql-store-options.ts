import type { Kysely } from 'kysely'
import type { Write } from './group-commit.ts'
import type { Schema } from '../schema/schema.ts'

/** What the stores over SQL are given. */
export interface SqlStoreOptions {
  readonly db: Kysely<Schema>
  readonly write: Write
  readonly now: () => number
}
