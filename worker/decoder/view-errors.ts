import { AppError } from '../../api/errors.ts'
import { isRecord, valueAt } from '../../api/json-value.ts'
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
      throw refusalOf(error, task)
    }
  }
}

function refusalOf(cause: unknown, task: unknown): unknown {
  if (cause instanceof RegexError) {
    const { source: pattern } = cause
    const name = parameterWith(pattern, valueAt(task, 'query'))
    return new AppError('PATTERN_INVALID', {
      message:
        name === null
          ? `The pattern is not valid: ${cause.message}.`
          : `The pattern of "${name}" is not valid: ${cause.message}.`,
      details: { pattern, ...(name === null ? {} : { in: 'query parameter', name }) },
      cause,
    })
  }
  if (cause instanceof EmptyRangeError) {
    return new AppError('RANGE_EMPTY', { message: 'There is no profile in the range.', cause })
  }
  if (cause instanceof SampleTypeError || cause instanceof ReportError) {
    return new AppError('VIEW_INVALID', { message: `${cause.message}.`, cause })
  }
  return cause
}

/** The name of the parameter that holds a pattern; null where none does. Some hold several. */
function parameterWith(pattern: string, query: unknown): string | null {
  if (!isRecord(query)) return null
  const texts = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().flatMap((text) => (typeof text === 'string' ? [{ name, text }] : [])),
  )
  const whole = texts.find(({ text }) => text === pattern)
  return (whole ?? texts.find(({ text }) => text.includes(pattern)))?.name ?? null
}
