import { RE2JS } from 're2js'
import { AppError, type MatchOperator, type Selector } from '../api/index.ts'
import { compileRegex, RegexError } from '../profile/index.ts'

const PATTERN_CHARS_MAX = 1000

/** Whether labels fit the selector. Patterns are RE2's and match all of a value. Throws SELECTOR_INVALID. */
export function compileSelector(
  selector: Selector,
): (labels: Readonly<Record<string, string>>) => boolean {
  const tests = selector.map(({ name, operator, value }) => {
    const test = compileMatcher(operator, value)
    return (labels: Readonly<Record<string, string>>) => test(labelOf(labels, name))
  })
  return (labels) => tests.every((test) => test(labels))
}

/** The value of a label, '' where there is none. Every object has more names than its labels. */
export function labelOf(labels: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(labels, name) ? (labels[name] ?? '') : ''
}

function compileMatcher(operator: MatchOperator, value: string): (label: string) => boolean {
  if (operator === '=') return (label) => label === value
  if (operator === '!=') return (label) => label !== value
  if (value.length > PATTERN_CHARS_MAX) {
    throw new AppError('SELECTOR_INVALID', {
      message: `A pattern of a selector has at most ${PATTERN_CHARS_MAX} characters.`,
    })
  }
  const pattern = compilePattern(value)
  const isWanted = operator === '=~'
  return (label) => pattern.matches(label) === isWanted
}

function compilePattern(source: string): RE2JS {
  try {
    return compileRegex(RE2JS, source)
  } catch (cause) {
    if (!(cause instanceof RegexError)) throw cause
    const message = `The pattern of a selector is not valid: ${cause.message}.`
    throw new AppError('SELECTOR_INVALID', { message, details: { pattern: source }, cause })
  }
}
