import { AppError } from '../errors.ts'

export const MATCH_OPERATORS = ['=', '!=', '=~', '!~'] as const
export type MatchOperator = (typeof MATCH_OPERATORS)[number]

export interface Matcher {
  readonly name: string
  readonly operator: MatchOperator
  readonly value: string
}

/** All matchers must hold. A label that is not there is ''. */
export type Selector = readonly Matcher[]

const MATCHER =
  /\s*([a-zA-Z_][\w./-]*)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)\s*/y

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

/** The inverse of `parseSelector`; `''` for a selector without matchers. */
export function formatSelector(selector: Selector): string {
  if (selector.length === 0) return ''
  const matchers = selector.map(({ name, operator, value }) => {
    const escaped = value.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')
    return `${name}${operator}"${escaped}"`
  })
  return `{${matchers.join(',')}}`
}

function isOperator(text: string): text is MatchOperator {
  return MATCH_OPERATORS.some((known) => known === text)
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
