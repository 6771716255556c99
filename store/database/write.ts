import type { Transaction } from 'kysely'
import type { Schema } from '../schema/schema.ts'

/**
 * `serializable`: the write sees and leaves the rows as if no other ran at the same time. `repeatable read` is cheaper
 * where writes are many: enough when everything that decides the write is in rows that it changes itself or under a
 * unique key. SQLite has one writer at a time, so both are the same there.
 */
export type Isolation = 'serializable' | 'repeatable read'

/**
 * `durable`: the promise fulfils once a power cut would not undo the write. `committed`: a power cut may undo it with all
 * that came later, which is enough for a claim. Postgres makes all of them durable.
 */
export type Lasting = 'durable' | 'committed'

/**
 * Runs a group of statements, all or none. Without `isolation` they are serializable, without `lasting` durable.
 * The work may run more than once, when another write came between: it must change nothing but rows.
 */
export type Write = <Result>(
  work: (trx: Transaction<Schema>) => Promise<Result>,
  isolation?: Isolation,
  lasting?: Lasting,
) => Promise<Result>
