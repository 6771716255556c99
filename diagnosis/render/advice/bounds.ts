import type { Language } from '../../../api/index.ts'
import { conditionWords, type ConditionNames, hasWords } from './condition-words.ts'
import type { OpenCondition } from './open-conditions.ts'

/** Longer conditions are not read. */
const WORDS_MAX = 110
/** Of advice that states itself when it holds. */
const OWN_CONDITION = /^(?:Where|If|When) |^[若如当凡]/
const SEEN: Readonly<Record<Language, string>> = {
  en: 'if the capture shows it',
  zh: '若采集的数据如此显示',
}

/** `text`, after what it is true for where that is not known: `From v1.31 on: ...`. */
export function withBounds(
  text: string,
  conditions: readonly OpenCondition[],
  language: Language,
  names: ConditionNames = {},
): string {
  const [measured, others] = [
    conditions.filter(isMeasured),
    conditions.filter((each) => !isMeasured(each)),
  ]
  const seen = OWN_CONDITION.test(text) ? '' : SEEN[language]
  const bounds = [
    boundsText(others, language),
    measured.length === 0 ? '' : (measuredText(measured, language, names) ?? seen),
  ]
    .filter((each) => each !== '')
    .join(language === 'en' ? ', ' : '，')
  if (bounds === '') return text
  const first = language === 'en' && BOUND_WORD.test(bounds) ? bounds[0].toUpperCase() : bounds[0]
  return `${first}${bounds.slice(1)}${language === 'en' ? ': ' : '：'}${text}`
}

const BOUND_WORD = /^(?:from|in|up to|before|if) /

/** Whether only a profile or the process can tell, of some part of it. */
function isMeasured(condition: OpenCondition): boolean {
  if (condition.kind !== 'either') return condition.kind === 'measured'
  return condition.sides.some((side) => side.some(isMeasured))
}

/** `null` where a part of it has no words, or there would be too many. */
function measuredText(
  conditions: readonly OpenCondition[],
  language: Language,
  names: ConditionNames,
): string | null {
  const wordsIn = (each: Language) => joined(conditions, each, names)
  const isPlain = conditions.every((each) => isInWords(each, names))
  if (!isPlain || wordsIn('en').length > WORDS_MAX) return null
  const words = wordsIn(language)
  if (language === 'en') return `if ${words}`
  return /^[ -~]/.test(words) ? `若 ${words}` : `若${words}`
}

function isInWords(condition: OpenCondition, names: ConditionNames): boolean {
  if (condition.kind === 'measured') return hasWords(condition.when, names)
  return (
    condition.kind !== 'either' || condition.sides.flat().every((each) => isInWords(each, names))
  )
}

function joined(
  conditions: readonly OpenCondition[],
  language: Language,
  names: ConditionNames,
): string {
  const [and, or] = language === 'en' ? [' and ', ' or '] : [' 且 ', ' 或 ']
  const parts = conditions.map((condition): string => {
    if (condition.kind === 'measured') return conditionWords(condition.when, language, names)
    if (condition.kind !== 'either') return boundsText([condition], language)
    const sides = condition.sides.map((side) => joined(side, language, names)).join(or)
    return conditions.length === 1 ? sides : `(${sides})`
  })
  return [...new Set(parts)].join(and)
}

function boundsText(conditions: readonly OpenCondition[], language: Language): string {
  const versions = conditions.filter((condition) => condition.kind === 'version')
  const names = [...new Set(versions.map(({ name }) => name))]
  const parts = [
    ...conditions.flatMap((condition) => {
      if (condition.kind === 'component') return [condition.component]
      if (condition.kind === 'version' || condition.kind === 'measured') return []
      const sides = condition.sides.map((side) => boundsText(side, language))
      return [sides.join(language === 'en' ? ' or ' : ' 或 ')]
    }),
    ...names.map((name) => rangeText(name, versions, language)),
  ]
  return parts.join(language === 'en' ? ', ' : '，')
}

const PREFIXES: Readonly<Record<string, string>> = { kubernetes: 'v', go: 'Go ', etcd: 'etcd ' }

function rangeText(
  name: string,
  conditions: readonly Extract<OpenCondition, { readonly kind: 'version' }>[],
  language: Language,
): string {
  const of = (wanted: '<' | '>=') =>
    conditions.findLast((each) => each.name === name && each.operator === wanted)?.version ?? null
  const [from, end] = [of('>='), of('<')]
  const prefix = PREFIXES[name] ?? `${name} `
  const last = end === null ? null : lastMinorBefore(end)
  if (from !== null && from === last) return `${language === 'en' ? 'in ' : ''}${prefix}${from}`
  if (language === 'en') {
    if (end === null) return `from ${prefix}${from} on`
    const until = last === null ? `before ${prefix}${end}` : `up to ${prefix}${last}`
    return from === null ? until : `from ${prefix}${from} on, ${until}`
  }
  if (end === null) return `${prefix}${from} 起`
  const until = last === null ? `${prefix}${end} 之前` : `${prefix}${last} 及以前`
  return from === null ? until : `${prefix}${from} 起、${until}`
}

/** 1.32 for 1.33; `null` where a patch is the bound. */
function lastMinorBefore(version: string): string | null {
  const match = /^(\d+)\.(\d+)$/.exec(version)
  if (match === null || match[2] === '0') return null
  return `${match[1]}.${Number(match[2]) - 1}`
}
