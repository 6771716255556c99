import { type PathPattern, type PatternWords, parsePath, setOf } from '../pattern/path-pattern.ts'
import { checkRegex } from '../pattern/safe-regex.ts'
import type { StackAutomaton } from '../pattern/stack-automaton.ts'
import { type DocumentPath, DocumentReader, isMapping, type RuleIssue } from './document-reader.ts'
import type { Predicate } from './rule.ts'

/** What rules share: `rules/words.yaml`. */
export interface RuleWords extends PatternWords {
  /** Regular expressions that rules name as `$name` in kinds and by. */
  readonly regexes: Readonly<Record<string, string>>
  /** First match owns the stack; so nothing is counted twice. */
  readonly partition: readonly PartitionClass[]
  /** Lists of classes, by name: `gc.paid`. */
  readonly groups: Readonly<Record<string, readonly string[]>>
  /** Stacks that the taking of the profile itself caused. */
  readonly noise: readonly string[]
}

export interface PartitionClass {
  readonly name: string
  readonly any: readonly string[]
}

/** What a rule's patterns are read with and compiled into. */
export interface RuleContext {
  readonly words: RuleWords
  readonly automaton: StackAutomaton
  /** Rows of the partition's classes. */
  readonly classes: ReadonlyMap<string, number>
  /** True when the same documents were compiled without a fault before: what only finds faults is left out. */
  readonly isChecked: boolean
}

/** What reading paths takes of it. */
export type PathContext = Omit<RuleContext, 'classes'>

export function parseRuleWords(document: unknown): {
  readonly words: RuleWords
  readonly issues: readonly RuleIssue[]
} {
  const reader = new DocumentReader()
  const keys = ['aliases', 'sets', 'regexes', 'partition', 'groups', 'noise']
  const top = reader.mapping(document, [], keys)
  const partition = reader.list(top['partition'], ['partition']).map((item, row) => {
    const path = ['partition', row]
    const entry = reader.mapping(item, path, ['class', 'any'])
    return {
      name: reader.text(entry['class'], [...path, 'class']),
      any: reader.texts(entry['any'], [...path, 'any']),
    }
  })
  const words = {
    aliases: textsByName(reader, top['aliases'], ['aliases']),
    sets: listsByName(reader, top['sets'], ['sets']),
    regexes: textsByName(reader, top['regexes'], ['regexes']),
    groups: listsByName(reader, top['groups'], ['groups']),
    noise: reader.texts(top['noise'], ['noise']),
    partition,
  }
  return { words, issues: reader.issues }
}

/** Reads lists of paths into a predicate. `$set` as an item stands for all paths of the set. */
export function readPredicate(
  reader: DocumentReader,
  value: unknown,
  path: DocumentPath,
  context: PathContext,
): Predicate {
  const document = reader.mapping(value, path, ['any', 'all', 'none'])
  const rowsOf = (key: string) =>
    reader.texts(document[key], [...path, key]).flatMap((text, row) => {
      const at = [...path, key, row]
      return reader.compiled(at, () => pathRows(text, context)) ?? []
    })
  const predicate = { any: rowsOf('any'), all: rowsOf('all'), none: rowsOf('none') }
  const isEmpty = ['any', 'all', 'none'].every((key) => document[key] === undefined)
  if (isEmpty && isMapping(value)) {
    reader.fail(path, 'must hold a pattern in any, all or none')
  }
  return predicate
}

/** Adds a path, or the paths of a set, to the automaton. Throws PatternError. */
export function pathRows(
  text: string,
  { words, automaton, isChecked }: PathContext,
): readonly number[] {
  const isSet = text.startsWith('$') && !text.includes(' ')
  const texts = isSet ? setOf(text.slice(1), words) : [text]
  return texts.map((item) => {
    const path = parsePath(item, words)
    if (!isChecked) checkRegexes(path)
    return automaton.add(path)
  })
}

function checkRegexes({ steps }: PathPattern): void {
  for (const atom of steps.flatMap(({ atoms }) => atoms)) {
    if (atom.kind === 'regex') checkRegex(atom.regex)
  }
}

function textsByName(reader: DocumentReader, value: unknown, path: DocumentPath) {
  const entries = Object.entries(reader.mapping(value ?? {}, path, null))
  return Object.fromEntries(
    entries.map(([key, text]) => [key, reader.text(text, [...path, key])] as const),
  )
}

function listsByName(reader: DocumentReader, value: unknown, path: DocumentPath) {
  const entries = Object.entries(reader.mapping(value ?? {}, path, null))
  return Object.fromEntries(
    entries.map(([key, list]) => [key, reader.texts(list, [...path, key])] as const),
  )
}
