import type { Transaction } from 'kysely'
import type { Schema } from '../schema/schema.ts'

/**
 * `serializable`: the write sees and leaves the rows as if no other ran at the same time. `repeatable read` is cheaper
 * where writes are many: enough when everything that decides the write is in rows that it changes itself or under a
 * unique key. SQLite has one writer at a time, so both are the same there.
 */
export type Isolation = 'serializable' | 'repeatable read'

/**
 * Runs a group of statements: all durable once the promise fulfils, or none. Without `isolation` they are serializable.
 * The work may run more than once, when another write came between: it must change nothing but rows.
 */
export type Write = <Result>(
  work: (trx: Transaction<Schema>) => Promise<Result>,
  isolation?: Isolation,
) => Promise<Result>
