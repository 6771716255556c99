import type { Language } from '../../../api/index.ts'
import { formatShare } from '../../../profile/index.ts'
import { type Expression, namesIn } from '../../rule/expression.ts'
import { FLAGS, isMeasureNumber, METRICS, splitName } from '../../rule/measure-names.ts'
import type { CombinedRule, Rule, Text } from '../../rule/rule.ts'

/** What a rule calls what its conditions ask for, by name: `metrics.refused`, `writes`. */
export type ConditionNames = Readonly<Record<string, Text>>

export function namesOfRule(rule: Rule | CombinedRule): ConditionNames {
  const metrics = rule.texts.metrics.flatMap(({ as, text }): readonly [string, Text][] =>
    as === null ? [] : [[`${METRICS}.${as}`, text]],
  )
  const parts = 'signals' in rule ? rule.signals.flatMap(({ split }) => split) : []
  return Object.fromEntries([...parts.map(({ measure, text }) => [measure, text]), ...metrics])
}

const SIGNS: Readonly<Record<string, string>> = {
  '>=': '≥',
  '<=': '≤',
  '==': '=',
  '!=': '≠',
  '*': '×',
  '-': '−',
  '/': '/',
}

/** A condition as a rule's page states it: `creations that were refused ≥ 0.2 × metrics.created`. */
export function conditionWords(
  expression: Expression,
  language: Language,
  names: ConditionNames,
): string {
  const words = (operand: Expression) => conditionWords(operand, language, names)
  const inner = (operand: Expression) => innerWords(operand, language, names)
  switch (expression.kind) {
    case 'number':
      return expression.text
    case 'name':
      return nameWords(expression.name, language, names)
    case 'call':
      return `${expression.call}(${expression.args.map(words).join(', ')})`
    case 'minus':
      return `−${inner(expression.operand)}`
    case 'not':
      return notWords(expression.operand, language, names)
    case 'choice':
      return `${inner(expression.condition)} ? ${words(expression.whenTrue)} : ${words(expression.whenFalse)}`
    default:
      return operationWords(expression, language, names)
  }
}

type Operation = Extract<Expression, { readonly kind: 'operation' }>

function operationWords(operation: Operation, language: Language, names: ConditionNames): string {
  const { operator, left, right } = operation
  const inner = (operand: Expression) => innerWords(operand, language, names)
  if (isPresence(operation)) return WORDS[language].known(conditionWords(left, language, names))
  if (operator === 'and' || operator === 'or') {
    return `${inner(left)} ${JOINTS[language][operator]} ${inner(right)}`
  }
  const bound = right.kind === 'number' && isShare(left) ? formatShare(right.value) : inner(right)
  return `${inner(left)} ${SIGNS[operator] ?? operator} ${bound}`
}

/** In parentheses where it binds more loosely than what it is part of. */
function innerWords(operand: Expression, language: Language, names: ConditionNames): string {
  const words = conditionWords(operand, language, names)
  return operand.kind === 'operation' && LOOSE.has(operand.operator) ? `(${words})` : words
}

const LOOSE = new Set(['and', 'or'])

const JOINTS: Readonly<Record<Language, Readonly<Record<'and' | 'or', string>>>> = {
  en: { and: 'and', or: 'or' },
  zh: { and: '且', or: '或' },
}

interface ConditionPhrases {
  readonly known: (name: string) => string
  readonly unknown: (name: string) => string
  readonly not: (condition: string) => string
  readonly numberOf: (number: string, name: string) => string
  readonly share: string
}

const WORDS: Readonly<Record<Language, ConditionPhrases>> = {
  en: {
    known: (name) => `${name} is known`,
    unknown: (name) => `${name} is not known`,
    not: (condition) => `not (${condition})`,
    numberOf: (number, name) => `${number} of ${name}`,
    share: 'share',
  },
  zh: {
    known: (name) => inChinese('已知', name),
    unknown: (name) => inChinese(name, '未知'),
    not: (condition) => `非（${condition}）`,
    numberOf: (number, name) => `${name} 的 ${number}`,
    share: '占比',
  },
}

/** With a space where a Latin word meets Chinese letters. */
function inChinese(first: string, second: string): string {
  const isHan = [first.at(-1) ?? '', second.at(0) ?? ''].map((letter) =>
    /\p{Script=Han}/u.test(letter),
  )
  return isHan[0] === isHan[1] ? `${first}${second}` : `${first} ${second}`
}

/** `metrics.fsync >= 0`: whether the process has it at all. */
function isPresence(expression: Expression): boolean {
  if (expression.kind !== 'operation' || expression.operator !== '>=') return false
  const { left, right } = expression
  return left.kind === 'name' && right.kind === 'number' && right.value === 0
}

function notWords(operand: Expression, language: Language, names: ConditionNames): string {
  const { unknown, not } = WORDS[language]
  if (operand.kind === 'operation' && isPresence(operand)) {
    return unknown(conditionWords(operand.left, language, names))
  }
  return not(conditionWords(operand, language, names))
}

const SHARES = new Set(['share', 'of', 'lo', 'hi', 'within', 'base'])

function isShare(expression: Expression): boolean {
  if (expression.kind !== 'name' || expression.name.startsWith(`${METRICS}.`)) return false
  return SHARES.has(splitName(expression.name, '').number)
}

/** Whether all that a condition asks for has words, and not the rule's own short names alone. */
export function hasWords(expression: Expression, names: ConditionNames): boolean {
  return namesIn(expression).every((name) => {
    const { measure } = splitName(name, '')
    return (
      [name, measure].some((each) => names[each] !== undefined) || ['', FLAGS].includes(measure)
    )
  })
}

function nameWords(name: string, language: Language, names: ConditionNames): string {
  const text = names[name]?.[language]
  if (text !== undefined) return lowered(text)
  const { measure, number } = splitName(name, '')
  if (measure === FLAGS) return `--${number}`
  if (measure === METRICS || !isMeasureNumber(number)) return number
  const { share, numberOf } = WORDS[language]
  const words = lowered(names[measure]?.[language] ?? measure)
  if (SHARES.has(number)) return measure === '' ? share : words
  return measure === '' ? number : numberOf(number, words)
}

/** Within a sentence; `LIST` and `CPU` stay. */
function lowered(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? `${text[0].toLowerCase()}${text.slice(1)}` : text
}
