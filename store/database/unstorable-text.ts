import { AppError } from '../../api/index.ts'

/** Of a text that a column of Postgres cannot hold. */
export function unstorableText(cause?: unknown): AppError {
  return new AppError('REQUEST_INVALID', {
    message: 'A text holds a character that a database cannot store, such as NUL.',
    cause,
  })
}
