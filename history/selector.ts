import { RE2JS } from 're2js'
import { AppError } from '../api/index.ts'
import { compileRegex, RegexError } from '../profile/index.ts'

export type MatchOperator = '=' | '!=' | '=~' | '!~'

export interface Matcher {
  readonly name: string
  readonly operator: MatchOperator
  readonly value: string
}

/** All matchers must hold. A label that is not there is ''. */
export type Selector = readonly Matcher[]

const MATCHER =
  /\s*([a-zA-Z_][\w./-]*)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)\s*/y
const PATTERN_CHARS_MAX = 1000

/**
 * Reads a selector as Prometheus writes it: `{target="api",cluster=~"prod-.*"}`; the braces may be left out. Throws
 * SELECTOR_INVALID with the place.
 */
export function parseSelector(text: string): Selector {
  const trimmed = text.trim()
  const hasBraces = trimmed.startsWith('{') && trimmed.endsWith('}')
  const body = hasBraces ? trimmed.slice(1, -1) : trimmed
  const matchers: Matcher[] = []
  MATCHER.lastIndex = 0
  for (let at = 0; at < body.trimEnd().length; at = MATCHER.lastIndex) {
    if (at > 0 && body[at] === ',') at++
    else if (at > 0) refuse(text, body.slice(at))
    if (body.slice(at).trim() === '') break
    MATCHER.lastIndex = at
    const found = MATCHER.exec(body)
    if (found === null) refuse(text, body.slice(at))
    const [, name = '', operator = '', quoted = ''] = found
    if (!isOperator(operator)) refuse(text, operator)
    matchers.push({ name, operator, value: unquoted(quoted) })
  }
  return matchers
}

/** Whether labels fit the selector. Patterns are RE2's and match all of a value. Throws SELECTOR_INVALID. */
export function compileSelector(
  selector: Selector,
): (labels: Readonly<Record<string, string>>) => boolean {
  const tests = selector.map(({ name, operator, value }) => {
    const test = compileMatcher(operator, value)
    return (labels: Readonly<Record<string, string>>) => test(labels[name] ?? '')
  })
  return (labels) => tests.every((test) => test(labels))
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

function isOperator(text: string): text is MatchOperator {
  return text === '=' || text === '!=' || text === '=~' || text === '!~'
}

function unquoted(quoted: string): string {
  const inner = quoted.slice(1, -1)
  if (quoted.startsWith('`')) return inner
  return inner.replace(/\\(.)/gs, (_, char: string) => (char === 'n' ? '\n' : char))
}

function refuse(selector: string, rest: string): never {
  throw new AppError('SELECTOR_INVALID', {
    message:
      `The selector ${selector} cannot be read at "${rest.slice(0, 40)}": ` +
      'write {label="value"}, with = != =~ !~ and commas between.',
    details: { selector },
  })
}
