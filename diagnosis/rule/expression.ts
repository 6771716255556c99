import { isVersionName, isWordName } from './measure-names.ts'

/**
 * The language of levels: `lo >= 0.15 and cores >= 0.2`. Total and bounded: no loops, no calls but `max` and `min`, so
 * a third-party rule can be wrong but not harmful.
 *
 *     lo >= 0.15    wait.mean >= 200ms    value >= 2GiB    go < 1.22    not (a > b)    x > 1 ? y : z
 */
export type Expression =
  | { readonly kind: 'number'; readonly value: number; readonly text: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'call'; readonly call: 'max' | 'min'; readonly args: readonly Expression[] }
  | { readonly kind: 'not'; readonly operand: Expression }
  | { readonly kind: 'minus'; readonly operand: Expression }
  | {
      readonly kind: 'operation'
      readonly operator: Operator
      readonly left: Expression
      readonly right: Expression
    }
  | {
      readonly kind: 'choice'
      readonly condition: Expression
      readonly whenTrue: Expression
      readonly whenFalse: Expression
    }

export type Operator = (typeof OPERATORS)[number][number]

/** Loosest first. */
const OPERATORS = [
  ['or'],
  ['and'],
  ['>=', '<=', '==', '!=', '>', '<'],
  ['+', '-'],
  ['*', '/'],
] as const

const UNITS: Readonly<Record<string, number>> = {
  '%': 0.01,
  ns: 1,
  us: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
}

/** An expression that cannot be read, and where in its text. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError'
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

interface Token {
  readonly kind: 'number' | 'word' | 'sign' | 'end'
  readonly text: string
  readonly offset: number
}

const DEPTH_MAX = 40
const LENGTH_MAX = 1000

/** Reads an expression. Throws ExpressionError. */
export function parseExpression(text: string): Expression {
  if (text.length > LENGTH_MAX) throw new ExpressionError(`longer than ${LENGTH_MAX}`, LENGTH_MAX)
  const parser = new Parser(tokensOf(text))
  const expression = parser.expression(0)
  parser.expectEnd()
  return expression
}

/** All names an expression uses, but for the words that some are compared with. */
export function namesIn(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case 'name':
      return [expression.name]
    case 'call':
      return expression.args.flatMap(namesIn)
    case 'not':
    case 'minus':
      return namesIn(expression.operand)
    case 'operation': {
      const { left, right } = expression
      if (left.kind === 'name' && isWordName(left.name)) return [left.name]
      return [...namesIn(left), ...namesIn(right)]
    }
    case 'choice':
      return [expression.condition, expression.whenTrue, expression.whenFalse].flatMap(namesIn)
    default:
      return []
  }
}

/** The names of versions that an expression compares. */
export function versionsNamed(expression: Expression | null): readonly string[] {
  return expression === null ? [] : namesIn(expression).filter(isVersionName)
}

class Parser {
  #at = 0
  readonly #tokens: readonly Token[]

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  expression(depth: number): Expression {
    if (depth > DEPTH_MAX) this.#fail('nested too deep')
    const condition = this.#operation(0, depth)
    if (!this.#take('?')) return condition
    const whenTrue = this.expression(depth + 1)
    this.#expect(':')
    return { kind: 'choice', condition, whenTrue, whenFalse: this.expression(depth + 1) }
  }

  expectEnd(): void {
    if (this.#token().kind !== 'end') this.#fail('nothing more is due here')
  }

  #operation(level: number, depth: number): Expression {
    const operators: readonly Operator[] | undefined = OPERATORS[level]
    if (operators === undefined) return this.#unary(depth)
    let left = this.#operation(level + 1, depth)
    for (;;) {
      const operator = operators.find((candidate) => this.#take(candidate))
      if (operator === undefined) return left
      left = { kind: 'operation', operator, left, right: this.#operation(level + 1, depth) }
    }
  }

  #unary(depth: number): Expression {
    if (depth > DEPTH_MAX) this.#fail('nested too deep')
    // `not` reaches over comparisons: `not a > b` is `not (a > b)`.
    if (this.#take('not')) return { kind: 'not', operand: this.#operation(2, depth + 1) }
    if (this.#take('-')) return { kind: 'minus', operand: this.#unary(depth + 1) }
    if (this.#take('(')) {
      const inner = this.expression(depth + 1)
      this.#expect(')')
      return inner
    }
    const token = this.#token()
    if (token.kind === 'number') {
      this.#at++
      return { kind: 'number', value: numberOf(token), text: token.text }
    }
    if (token.kind !== 'word') this.#fail('a number or a name is due here')
    this.#at++
    if (token.text !== 'max' && token.text !== 'min') return { kind: 'name', name: token.text }
    return { kind: 'call', call: token.text, args: this.#args(depth) }
  }

  #args(depth: number): readonly Expression[] {
    this.#expect('(')
    const args = [this.expression(depth + 1)]
    while (this.#take(',')) args.push(this.expression(depth + 1))
    this.#expect(')')
    return args
  }

  #token(): Token {
    return this.#tokens[this.#at]
  }

  #take(text: string): boolean {
    if (this.#token().kind === 'end' || this.#token().text !== text) return false
    this.#at++
    return true
  }

  #expect(text: string): void {
    if (!this.#take(text)) this.#fail(`"${text}" is due here`)
  }

  #fail(reason: string): never {
    const { kind, text, offset } = this.#token()
    const place = kind === 'end' ? 'at the end' : `at "${text}"`
    throw new ExpressionError(`${place}: ${reason}`, offset)
  }
}

function numberOf({ text, offset }: Token): number {
  const match = /^([\d.]+(?:e\d+)?)(.*)$/.exec(text)
  const unit = match?.[2] ?? ''
  const factor = unit === '' ? 1 : UNITS[unit]
  if (factor === undefined) throw new ExpressionError(`"${text}" has an unknown unit`, offset)
  return Number(match?.[1]) * factor
}

function tokensOf(text: string): readonly Token[] {
  const pattern =
    /\s*(?:(\d[\d.]*(?:e\d+)?(?:[a-zA-Z]+|%)?)|([a-zA-Z][\w.-]*)|(>=|<=|==|!=|[-+*/()<>?:,]))/y
  const tokens: Token[] = []
  while (text.slice(pattern.lastIndex).trim() !== '') {
    const start = pattern.lastIndex
    const match = pattern.exec(text)
    if (match === null) {
      const rest = text.slice(start).trim()
      throw new ExpressionError(`"${rest.slice(0, 10)}" cannot be read`, text.indexOf(rest, start))
    }
    const [, number, word, sign] = match
    const found = number ?? word ?? sign
    const kind = number !== undefined ? 'number' : word !== undefined ? 'word' : 'sign'
    tokens.push({ kind, text: found, offset: pattern.lastIndex - found.length })
  }
  tokens.push({ kind: 'end', text: '', offset: text.length })
  return tokens
}
