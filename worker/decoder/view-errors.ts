import { AppError } from '../../api/errors.ts'
import { EmptyRangeError } from '../../history/index.ts'
import { RegexError, ReportError, SampleTypeError } from '../../profile/index.ts'

/** Wraps the handler: errors of a query become AppErrors, PATTERN_INVALID, RANGE_EMPTY or VIEW_INVALID. */
export function refusingQueries<Task, Result>(
  handler: (task: Task) => Promise<Result>,
): (task: Task) => Promise<Result> {
  return async (task) => {
    try {
      return await handler(task)
    } catch (error) {
      throw refusalOf(error)
    }
  }
}

function refusalOf(cause: unknown): unknown {
  if (cause instanceof RegexError) {
    const message = `The pattern is not valid: ${cause.message}.`
    return new AppError('PATTERN_INVALID', { message, details: { pattern: cause.source }, cause })
  }
  if (cause instanceof EmptyRangeError) {
    return new AppError('RANGE_EMPTY', { message: 'There is no profile in the range.', cause })
  }
  if (cause instanceof SampleTypeError || cause instanceof ReportError) {
    return new AppError('VIEW_INVALID', { message: `${cause.message}.`, cause })
  }
  return cause
}
