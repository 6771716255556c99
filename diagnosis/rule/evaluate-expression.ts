import type { Expression, Operator } from './expression.ts'
import { isWordName } from './measure-names.ts'
import { parseVersion, type VersionRange } from './version-range.ts'

/**
 * How true a condition is. `partly`: what is known of it holds, but something (the length of the profile, a version)
 * is not known.
 */
export type Truth = 'false' | 'unknown' | 'partly' | 'true'

/** The values of names. */
export interface Environment {
  /** `null` when it is not known. */
  number(name: string): number | null
  /** Null for a name that is not a version. */
  version(name: string): VersionRange | null
  /** The value of a name of WORD_NAMES; `null` if unknown. */
  word(name: string): string | null
}

export function evaluateTruth(expression: Expression, environment: Environment): Truth {
  switch (expression.kind) {
    case 'not':
      return negate(evaluateTruth(expression.operand, environment))
    case 'choice': {
      const condition = evaluateTruth(expression.condition, environment)
      const chosen = condition === 'true' ? expression.whenTrue : expression.whenFalse
      return evaluateTruth(chosen, environment)
    }
    case 'operation': {
      const { operator, left, right } = expression
      if (operator === 'and' || operator === 'or') {
        const sides = [evaluateTruth(left, environment), evaluateTruth(right, environment)]
        return operator === 'and' ? both(sides[0], sides[1]) : either(sides[0], sides[1])
      }
      return compare(operator, left, right, environment)
    }
    default: {
      const value = evaluateNumber(expression, environment)
      return value === null ? 'unknown' : truthOf(value !== 0)
    }
  }
}

export function evaluateNumber(expression: Expression, environment: Environment): number | null {
  switch (expression.kind) {
    case 'number':
      return expression.value
    case 'name':
      return environment.number(expression.name)
    case 'minus': {
      const value = evaluateNumber(expression.operand, environment)
      return value === null ? null : -value
    }
    case 'call': {
      const values = expression.args.map((arg) => evaluateNumber(arg, environment))
      const known = values.filter((value) => value !== null)
      if (known.length < values.length) return null
      return expression.call === 'max' ? Math.max(...known) : Math.min(...known)
    }
    case 'choice': {
      const condition = evaluateTruth(expression.condition, environment)
      const chosen = condition === 'true' ? expression.whenTrue : expression.whenFalse
      return evaluateNumber(chosen, environment)
    }
    case 'operation': {
      const { operator, left, right } = expression
      const a = evaluateNumber(left, environment)
      const b = evaluateNumber(right, environment)
      if (operator === '+' || operator === '-' || operator === '*' || operator === '/') {
        return a === null || b === null ? null : calculate(operator, a, b)
      }
      return numberOfTruth(evaluateTruth(expression, environment))
    }
    default:
      return numberOfTruth(evaluateTruth(expression, environment))
  }
}

function calculate(operator: '+' | '-' | '*' | '/', a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    default:
      return b === 0 ? 0 : a / b
  }
}

function compare(
  operator: Operator,
  left: Expression,
  right: Expression,
  environment: Environment,
): Truth {
  const range = left.kind === 'name' ? environment.version(left.name) : null
  if (range !== null) {
    const other = right.kind === 'number' ? parseVersion(right.text) : null
    return other === null ? 'unknown' : compareVersions(operator, range, other)
  }
  if (left.kind === 'name' && isWordName(left.name)) {
    const word = environment.word(left.name)
    if (word === null || right.kind !== 'name') return 'unknown'
    return truthOf((word === right.name) === (operator === '=='))
  }
  const a = evaluateNumber(left, environment)
  const b = evaluateNumber(right, environment)
  return a === null || b === null ? 'unknown' : truthOf(holds(operator, a, b))
}

/** True or false only where every version of the range agrees. */
function compareVersions(operator: Operator, range: VersionRange, other: number): Truth {
  const atLeast = holds(operator, range.min, other)
  const atMost = holds(operator, range.max, other)
  return atLeast === atMost && operator !== '==' && operator !== '!=' ? truthOf(atLeast) : 'unknown'
}

function holds(operator: Operator, a: number, b: number): boolean {
  switch (operator) {
    case '>=':
      return a >= b
    case '<=':
      return a <= b
    case '>':
      return a > b
    case '<':
      return a < b
    case '==':
      return a === b
    case '!=':
      return a !== b
    default:
      return false
  }
}

function both(a: Truth, b: Truth): Truth {
  if (a === 'false' || b === 'false') return 'false'
  return a === b ? a : 'partly'
}

function either(a: Truth, b: Truth): Truth {
  if (a === 'true' || b === 'true') return 'true'
  if (a === 'false') return b
  if (b === 'false') return a
  return a === b ? a : 'partly'
}

function negate(truth: Truth): Truth {
  if (truth === 'true') return 'false'
  return truth === 'false' ? 'true' : truth
}

function truthOf(isTrue: boolean): Truth {
  return isTrue ? 'true' : 'false'
}

function numberOfTruth(truth: Truth): number | null {
  if (truth === 'true') return 1
  return truth === 'false' ? 0 : null
}
