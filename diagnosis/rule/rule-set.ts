import { StackAutomaton } from '../pattern/stack-automaton.ts'
import type { DocumentPath } from './document-reader.ts'
import { isOverridden, type Override, parseOverrides } from './overrides.ts'
import { isCombined, parseCombined } from './parse-combined.ts'
import { parseRule } from './parse-rule.ts'
import type { CombinedRule, Predicate, Rule } from './rule.ts'
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
  /** What the installation has decided of rules. */
  readonly overrides?: readonly RuleDocument[]
}

/** Rules ready to judge with. */
export interface RuleSet {
  readonly rules: readonly Rule[]
  /** Over what the rules measured in the profiles of a capture. */
  readonly combined: readonly CombinedRule[]
  readonly automaton: StackAutomaton
  /** First match owns the stack; what matches none is of the class `mutator`. */
  readonly partition: readonly CompiledClass[]
  readonly noise: Predicate
  readonly overrides: readonly Override[]
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

/** All rules of a set, by id. */
export function allRules({ rules, combined }: RuleSet): readonly (Rule | CombinedRule)[] {
  return [...rules, ...combined].sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** The profile types that a rule reads; `several` for a combined one. */
export function readsOf(rule: Rule | CombinedRule): readonly string[] {
  return 'signals' in rule ? [...new Set(rule.signals.map(({ reads }) => reads))] : ['several']
}

/**
 * Compiles rules, beside those of `base`, whose words they share. Never throws: what cannot be used is in `faults`.
 */
export function compileRules(sources: RuleSources, base: RuleSet | null = null): RuleSet {
  const { words: wordsDocument, rules } = sources
  const automaton = new StackAutomaton(base?.automaton.image)
  const { words, issues } = parseRuleWords(wordsDocument.document)
  const faults: RuleFault[] = issues.map((issue) => ({ file: wordsDocument.file, ...issue }))
  const rowsOf = (texts: readonly string[], path: DocumentPath): Predicate => {
    const any = texts.flatMap((text, row) => {
      try {
        return pathRows(text, { words, automaton, isChecked: false })
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
  const context = { words, automaton, classes, isChecked: false }
  const known = base === null ? [] : allRules(base)
  const compiled = new Map(known.map((rule) => [rule.id, rule]))
  for (const { file, document } of rules) {
    const parse = isCombined(document) ? parseCombined : parseRule
    const { rule, issues } = parse(document, file, context)
    faults.push(...issues.map((issue) => ({ file, ...issue })))
    if (rule === null) continue
    const twin = compiled.get(rule.id)
    if (twin === undefined) compiled.set(rule.id, rule)
    else faults.push({ file, path: ['id'], message: `${twin.file} has the id "${rule.id}" too` })
  }
  const noise = rowsOf(words.noise, ['noise'])
  const { overrides, faults: overrideFaults } = compileOverrides(sources.overrides, [
    ...compiled.keys(),
  ])
  faults.push(...overrideFaults)
  const { groups } = words
  const all = [...compiled.values()]
  return {
    rules: all.filter((rule) => 'signals' in rule),
    combined: all.filter((rule) => 'parts' in rule),
    automaton,
    partition,
    noise,
    overrides,
    groups,
    faults,
  }
}

/** Overrides of rules that there are; without rules at hand (a check of the file alone) of any. */
function compileOverrides(documents: readonly RuleDocument[] = [], ids: readonly string[]) {
  const faults: RuleFault[] = []
  const overrides = documents.flatMap(({ file, document }) => {
    const read = parseOverrides(document)
    faults.push(...read.issues.map((issue) => ({ file, ...issue })))
    for (const [row, override] of read.overrides.entries()) {
      if (ids.length === 0 || ids.some((id) => isOverridden(id, override))) continue
      const message = `there is no rule "${override.rule}"`
      faults.push({ file, path: ['overrides', row, 'rule'], message })
    }
    return read.overrides
  })
  return { overrides, faults }
}
