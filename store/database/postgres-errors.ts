import { AppError } from '../../api/index.ts'
import { unstorableText } from './unstorable-text.ts'

const RETRY_SECONDS = 5
const FULL_RETRY_SECONDS = 300

/** Another write came between: the same work succeeds when it runs again. Serialization failure and deadlock. */
const COLLISIONS = new Set(['40001', '40P01'])
/** Another write has just added the same key, or deleted a row that this one refers to. */
const KEY_COLLISIONS = new Set(['23505', '23503'])

export type Collision = 'rows' | 'keys'

/** How a write collided with another; `null` when it did not. */
export function collisionOf(error: unknown): Collision | null {
  const state = sqlState(error) ?? ''
  if (COLLISIONS.has(state)) return 'rows'
  return KEY_COLLISIONS.has(state) ? 'keys' : null
}

/**
 * The five characters of https://www.postgresql.org/docs/current/errcodes-appendix.html; `null` for what did not come
 * from the server, such as a lost connection.
 */
export function sqlState(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || !('severity' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}

/** The error of the catalogue; the same error when it is a collision or a fault of the program. */
export function translatePostgres(cause: unknown): unknown {
  if (cause instanceof AppError) return cause
  const state = sqlState(cause)
  if (state === null) return unavailable(cause)
  if (collisionOf(cause) !== null) return cause
  if (state === '53100') {
    return new AppError('STORAGE_FULL', {
      message: 'The disk of the database is full.',
      cause,
      retryAfterSeconds: FULL_RETRY_SECONDS,
    })
  }
  if (state === '22021') return unstorableText(cause)
  if (/^(?:58|XX00[12])/.test(state)) {
    return new AppError('STORAGE_FAILED', { message: `Postgres: ${messageOf(cause)}`, cause })
  }
  return UNAVAILABLE.test(state) ? unavailable(cause) : cause
}

/**
 * Connections, authorization, missing database, resources, locks and timeouts, a standby that takes no writes, a server
 * that starts or stops.
 */
const UNAVAILABLE = /^(?:08|28|3D|53|55P03|57|25006|25P03|42501)/

function unavailable(cause: unknown): AppError {
  return new AppError('DATABASE_UNAVAILABLE', {
    message: `Postgres (store.postgresUrl) does not answer: ${messageOf(cause)}`,
    cause,
    retryAfterSeconds: RETRY_SECONDS,
  })
}

/** A refused connection to a name of several addresses has its reasons within. */
function messageOf(cause: unknown): string {
  if (cause instanceof AggregateError && cause.message === '') {
    return cause.errors.map(messageOf).join('; ')
  }
  return cause instanceof Error ? cause.message : String(cause)
}
