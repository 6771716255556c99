import type { Compilable, Kysely } from 'kysely'
import type { Schema } from '../schema/schema.ts'

/** Runs a statement and returns its rows. */
export type Run = <Row>(statement: Compilable<Row>) => Promise<readonly Row[]>

/**
 * Statements that run in the order of their calls and do not wait for each other: Postgres gets at once what is called
 * before the event loop turns.
 */
export function together<Result>(
  db: Kysely<Schema>,
  work: (run: Run) => Promise<Result>,
): Promise<Result> {
  return db.getExecutor().provideConnection((connection) =>
    work(async <Row>(statement: Compilable<Row>) => {
      const { rows } = await connection.executeQuery<Row>(statement.compile())
      return rows
    }),
  )
}
