import { RE2JS } from 're2js'
import { AppError } from '../../api/errors.ts'
import type { Pattern } from '../../profile/index.ts'

/** Compiles a pattern from outside with RE2's semantics: no pattern makes it slow. Throws PATTERN_INVALID. */
export function compilePattern(source: string): Pattern {
  try {
    const pattern = RE2JS.compile(source)
    return { test: (text) => pattern.test(text) }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new AppError('PATTERN_INVALID', {
      message: `The pattern is not valid: ${reason}.`,
      details: { pattern: source },
      cause,
    })
  }
}
