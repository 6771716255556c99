import type { DocumentPath, DocumentReader, Mapping } from './document-reader.ts'
import { type Expression, namesIn, parseExpression } from './expression.ts'
import { FLAGS, isVersionName, isWordName, METRICS, splitName } from './measure-names.ts'
import type { AdviceScope } from './rule.ts'
import { parseVersion } from './version-range.ts'

/** Keys of remedies, remarks and next steps other than their texts. */
export const ADVICE_KEYS = ['when', 'since', 'found', 'notFound'] as const

export interface ScopeContext {
  /** True where expressions need no check. */
  readonly isChecked: boolean
  /** Whether a name is a number that conditions of the rule can ask for. */
  readonly isNumber: (name: string) => boolean
}

/** Reads when advice applies, and checks that the condition is meaningful. */
export function readScope(
  reader: DocumentReader,
  entry: Mapping,
  path: DocumentPath,
  { isChecked, isNumber }: ScopeContext,
): AdviceScope {
  const at = [...path, 'when']
  const textAt = (key: string) => reader.optionalText(entry[key], [...path, key])
  const text = textAt('when')
  const since = textAt('since')
  const when = text === null ? null : reader.compiled(at, () => parseExpression(text))
  const scope = { when, since, found: textAt('found'), notFound: textAt('notFound') }
  if (isChecked) return scope
  if (since !== null && !since.startsWith('https://')) {
    reader.fail([...path, 'since'], 'must be an address: https://...')
  }
  if (when === null) return scope
  const fault = faultOfName(when, isNumber) ?? faultOfComparison(when)
  if (fault !== null) reader.fail(at, fault)
  return scope
}

function faultOfName(when: Expression, isNumber: ScopeContext['isNumber']): string | null {
  const unknown = namesIn(when).find((name) => {
    const [head] = name.split('.')
    if (isVersionName(name) || isWordName(name)) return false
    if (head === FLAGS || head === METRICS) return splitName(name, '').number === ''
    return !isNumber(name)
  })
  return unknown === undefined ? null : `"${unknown}" is neither known of a process nor measured`
}

/** Versions are bounds, so that advice can say them; components are words. */
function faultOfComparison(expression: Expression): string | null {
  switch (expression.kind) {
    case 'not':
      return faultOfComparison(expression.operand)
    case 'operation': {
      const { operator, left, right } = expression
      if (left.kind === 'name' && isVersionName(left.name)) {
        const isBound = operator === '<' || operator === '>='
        const version = right.kind === 'number' ? right.text : ''
        if (isBound && /^\d+\.\d+/.test(version) && parseVersion(version) !== null) return null
        return `${left.name} must be compared as "${left.name} < 1.31" or "${left.name} >= 1.31"`
      }
      if (left.kind === 'name' && isWordName(left.name)) {
        const isWord = (operator === '==' || operator === '!=') && right.kind === 'name'
        return isWord ? null : `${left.name} must be compared as "${left.name} == WORD"`
      }
      return faultOfComparison(left) ?? faultOfComparison(right)
    }
    default:
      return null
  }
}
