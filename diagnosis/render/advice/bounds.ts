import type { Language } from '../../../api/index.ts'
import type { OpenCondition } from './open-conditions.ts'

/** `text`, after what it is true for where that is not known: `From v1.31 on: ...`. */
export function withBounds(
  text: string,
  conditions: readonly OpenCondition[],
  language: Language,
): string {
  const bounds = boundsText(conditions, language)
  if (bounds === '') return text
  const first = language === 'en' && BOUND_WORD.test(bounds) ? bounds[0].toUpperCase() : bounds[0]
  return `${first}${bounds.slice(1)}${language === 'en' ? ': ' : '：'}${text}`
}

const BOUND_WORD = /^(?:from|up to|before) /

function boundsText(conditions: readonly OpenCondition[], language: Language): string {
  const versions = conditions.filter((condition) => condition.kind === 'version')
  const names = [...new Set(versions.map(({ name }) => name))]
  const parts = [
    ...conditions.flatMap((condition) => {
      if (condition.kind === 'component') return [condition.component]
      if (condition.kind === 'version') return []
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
