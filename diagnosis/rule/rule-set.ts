import { StackAutomaton } from '../pattern/stack-automaton.ts'
import type { DocumentPath } from './document-reader.ts'
import { parseRule } from './parse-rule.ts'
import type { Predicate, Rule } from './rule.ts'
import { parseRuleWords, pathRows } from './rule-words.ts'
import { PatternError } from '../pattern/glob.ts'

/** A file of rules as its YAML says it: no more than mappings, lists, texts and numbers. */
export interface RuleDocument {
  readonly file: string
  readonly document: unknown
}

/** The documents that a rule set is made of. */
export interface RuleSources {
  /** What the rules share. */
  readonly words: RuleDocument
  readonly rules: readonly RuleDocument[]
  /** True when these very documents were compiled without a fault before. */
  readonly isChecked?: boolean
}

/** Rules ready to judge with. */
export interface RuleSet {
  readonly rules: readonly Rule[]
  readonly automaton: StackAutomaton
  /** First match owns the stack; what matches none is of the class `mutator`. */
  readonly partition: readonly CompiledClass[]
  readonly noise: Predicate
  /** Lists of the partition's classes, by name: `gc.paid`. */
  readonly groups: Readonly<Record<string, readonly string[]>>
  /** What was wrong in the documents. A rule with a fault is left out, the others are there. */
  readonly faults: readonly RuleFault[]
}

export interface CompiledClass {
  readonly name: string
  readonly predicate: Predicate
}

export interface RuleFault {
  readonly file: string
  readonly path: DocumentPath
  readonly message: string
}

/** The class of stacks that are of no other. */
export const MUTATOR = 'mutator'

/** Compiles rules. Never throws: what cannot be used is in `faults`. */
export function compileRules(sources: RuleSources): RuleSet {
  const { words: wordsDocument, rules, isChecked = false } = sources
  const automaton = new StackAutomaton()
  const { words, issues } = parseRuleWords(wordsDocument.document)
  const faults: RuleFault[] = issues.map((issue) => ({ file: wordsDocument.file, ...issue }))
  const rowsOf = (texts: readonly string[], path: DocumentPath): Predicate => {
    const any = texts.flatMap((text, row) => {
      try {
        return pathRows(text, { words, automaton, isChecked })
      } catch (error) {
        if (!(error instanceof PatternError)) throw error
        faults.push({ file: wordsDocument.file, path: [...path, row], message: error.message })
        return []
      }
    })
    return { any, all: [], none: [] }
  }
  const partition = words.partition.map(({ name, any }, row) => ({
    name,
    predicate: rowsOf(any, ['partition', row, 'any']),
  }))
  const classes = new Map(
    [...partition.map(({ name }) => name), MUTATOR].map((name, row) => [name, row]),
  )
  const compiled = new Map<string, Rule>()
  for (const { file, document } of rules) {
    const { rule, issues } = parseRule(document, file, { words, automaton, classes, isChecked })
    faults.push(...issues.map((issue) => ({ file, ...issue })))
    if (rule === null) continue
    const twin = compiled.get(rule.id)
    if (twin === undefined) compiled.set(rule.id, rule)
    else faults.push({ file, path: ['id'], message: `${twin.file} has the id "${rule.id}" too` })
  }
  const noise = rowsOf(words.noise, ['noise'])
  const { groups } = words
  return { rules: [...compiled.values()], automaton, partition, noise, groups, faults }
}
