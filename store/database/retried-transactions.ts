import { setTimeout as delay } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import { AppError } from '../../api/index.ts'
import type { Schema } from '../schema/schema.ts'
import { type Collision, collisionOf } from './postgres-errors.ts'
import type { Write } from './write.ts'

/** A key that is there already after some tries is a fault of the program, and is thrown as it is. */
const TRIES_MAX: Readonly<Record<Collision, number>> = { rows: 20, keys: 4 }
const PAUSE_MS_MAX = 200

/**
 * A transaction for each write, which runs again when it collided with another. Postgres itself flushes concurrent
 * commits together, so writes are not grouped here as they are for SQLite.
 */
export function retriedTransactions(db: Kysely<Schema>): Write {
  return async (work, isolation = 'serializable') => {
    for (let tries = 1; ; tries++) {
      try {
        return await db.transaction().setIsolationLevel(isolation).execute(work)
      } catch (error) {
        const collision = collisionOf(error)
        if (collision === null || (collision === 'keys' && tries >= TRIES_MAX.keys)) throw error
        if (tries >= TRIES_MAX.rows) throw givenUp(error)
        await delay(Math.random() * Math.min(2 ** tries, PAUSE_MS_MAX))
      }
    }
  }
}

function givenUp(cause: unknown): AppError {
  return new AppError('DATABASE_UNAVAILABLE', {
    message: `The database could not separate this write from others in ${TRIES_MAX.rows} tries.`,
    cause,
    retryAfterSeconds: 1,
  })
}
