import type { Compilable, Kysely } from 'kysely'
import type { Schema } from '../schema/schema.ts'

/** Statements that run in the order of their calls and do not wait for each other. */
export interface Batch {
  /** Statements are made with it, and run by the others. */
  readonly db: Kysely<Schema>
  /** Runs a statement and returns its rows. */
  readonly run: <Row>(statement: Compilable<Row>) => Promise<readonly Row[]>
  /** Runs a statement whose rows nobody needs. */
  readonly send: (statement: Compilable) => void
}

/**
 * Runs a batch. Postgres gets at once what is called before the event loop turns. Settles when all statements have ended;
 * throws what the first that failed threw.
 */
export function together<Result>(
  db: Kysely<Schema>,
  work: (batch: Batch) => Promise<Result>,
): Promise<Result> {
  return db.getExecutor().provideConnection(async (connection) => {
    const running: Promise<unknown>[] = []
    const failures: unknown[] = []
    let isOver = false
    async function run<Row>(statement: Compilable<Row>): Promise<readonly Row[]> {
      // Another may have the connection by then.
      if (isOver) throw new Error('a statement came after its batch had ended')
      const answer = connection.executeQuery<Row>(statement.compile())
      running.push(answer.catch((error: unknown) => failures.push(error)))
      return (await answer).rows
    }
    const send = (statement: Compilable) => {
      run(statement).catch((error: unknown) => failures.push(error))
    }
    const [done] = await Promise.allSettled([work({ db, run, send })])
    isOver = true
    await Promise.all(running)
    if (failures.length > 0) throw failures[0]
    if (done.status === 'rejected') throw done.reason
    return done.value
  })
}
