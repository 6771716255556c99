import type { Environment } from '../rule/evaluate-expression.ts'
import { isVersionName } from '../rule/measure-names.ts'
import type { Advice, Text } from '../rule/rule.ts'
import { ANY_VERSION } from '../rule/version-range.ts'
import { withBounds } from './bounds.ts'
import { openConditions } from './open-conditions.ts'

/** Nothing is known of a process. */
const NOTHING: Environment = {
  number: () => null,
  version: (name) => (isVersionName(name) ? ANY_VERSION : null),
  word: () => null,
}

/** Advice as a rule's page has it: with the versions and components that it is for. */
export function plainAdvice({ when, text }: Pick<Advice, 'when' | 'text'>): Text {
  const open = openConditions(when, NOTHING) ?? []
  const { en, zh } = plainText(text)
  return { en: withBounds(en, open, 'en'), zh: withBounds(zh, open, 'zh') }
}

/** A text without the numbers and names that a profile would fill in. */
export function plainText({ en, zh }: Text): Text {
  return { en: withoutNumbers(en), zh: withoutNumbers(zh) }
}

function withoutNumbers(text: string): string {
  return text.replaceAll(/\[\[.*?\]\]/g, '').replaceAll(/\{[a-z][\w.-]*\}/g, '…')
}
