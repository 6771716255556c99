import { type DocumentPath, isMapping } from '../rule/document-reader.ts'
import { GROUP_KINDS } from '../rule/rule.ts'

/** A pattern in a rule's document or in the words that rules share, and where it stands. */
export interface WrittenPattern {
  readonly path: DocumentPath
  readonly text: string
  readonly kind: 'stack' | 'regex'
}

/** All patterns of a rule's document: what stands below `where` and the kinds that choose, `by` and `kinds`. */
export function patternsOfRule(document: unknown): readonly WrittenPattern[] {
  return patternsBelow(document, [])
}

/** All patterns of `rules/words.yaml`. */
export function patternsOfWords(document: unknown): readonly WrittenPattern[] {
  if (!isMapping(document)) return []
  const { sets, partition, noise, regexes } = document
  return [
    ...Object.entries(isMapping(sets) ? sets : {}).flatMap(([name, list]) =>
      textsOf(list, ['sets', name], 'stack'),
    ),
    ...(Array.isArray(partition) ? partition : []).flatMap((item: unknown, row) =>
      isMapping(item) ? textsOf(item['any'], ['partition', row, 'any'], 'stack') : [],
    ),
    ...textsOf(noise, ['noise'], 'stack'),
    ...Object.entries(isMapping(regexes) ? regexes : {}).flatMap(([name, text]) =>
      textsOf([text], ['regexes', name], 'regex').map((pattern) =>
        Object.assign(pattern, { path: ['regexes', name] }),
      ),
    ),
  ]
}

const PREDICATE_KEYS: readonly string[] = ['where', ...GROUP_KINDS]

function patternsBelow(value: unknown, path: DocumentPath): readonly WrittenPattern[] {
  if (Array.isArray(value)) return value.flatMap((item, row) => patternsBelow(item, [...path, row]))
  if (!isMapping(value)) return []
  return Object.entries(value).flatMap(([key, item]) => {
    const at = [...path, key]
    if (PREDICATE_KEYS.includes(key) && isMapping(item)) {
      return Object.entries(item).flatMap(([list, texts]) => textsOf(texts, [...at, list], 'stack'))
    }
    // `by` of a metric is a label, not a pattern.
    if (key === 'metrics') return []
    const isRegex = (key === 'by' || key === 'kinds') && typeof item === 'string'
    if (isRegex) return item.startsWith('$') ? [] : [{ path: at, text: item, kind: 'regex' }]
    return patternsBelow(item, at)
  })
}

function textsOf(value: unknown, path: DocumentPath, kind: WrittenPattern['kind']) {
  return (Array.isArray(value) ? value : []).flatMap((text: unknown, row): WrittenPattern[] =>
    typeof text === 'string' ? [{ path: [...path, row], text, kind }] : [],
  )
}
