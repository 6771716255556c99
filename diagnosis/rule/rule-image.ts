import { safeRegex } from '../pattern/safe-regex.ts'
import { type AutomatonImage, StackAutomaton } from '../pattern/stack-automaton.ts'
import { DocumentReader, isMapping } from './document-reader.ts'
import { readRuleTexts, TEXT_KEYS } from './read-rule-texts.ts'
import type { CompiledClass, RuleDocument, RuleSet } from './rule-set.ts'
import type {
  CombinedRule,
  LevelCondition,
  Measure,
  MetricQuery,
  Part,
  Predicate,
  Reads,
  Rule,
  Signal,
} from './rule.ts'
import type { VersionRange } from './version-range.ts'

/**
 * A compiled rule set without faults as plain data: reading it takes a tenth of the time that compiling does. It is of
 * this version of the code alone.
 */
export interface RuleImage {
  readonly automaton: AutomatonImage
  readonly rules: readonly RuleRecord[]
  readonly combined: readonly CombinedRecord[]
  readonly partition: readonly CompiledClass[]
  readonly noise: Predicate
  readonly groups: Readonly<Record<string, readonly string[]>>
}

interface RuleRecord extends Omit<
  Rule,
  'kinds' | 'texts' | 'signals' | 'versions' | 'goVersions' | 'numbers'
> {
  readonly numbers: NumbersRecord
  readonly kinds: string | null
  readonly signals: readonly SignalRecord[]
  readonly versions: RangeRecord | null
  readonly goVersions: RangeRecord | null
  /** JSON of the texts, in the form of the rule's file: most of them are never read. */
  readonly texts: string
}

interface CombinedRecord extends Omit<
  CombinedRule,
  'kinds' | 'callersOutside' | 'isGeneric' | 'isAround' | 'texts' | 'parts' | 'numbers'
> {
  readonly numbers: NumbersRecord
  readonly parts: readonly (readonly [string, PartRecord])[]
  readonly levels: readonly LevelCondition[]
  readonly texts: string
}

type PartRecord =
  | Exclude<Part, { readonly kind: 'own' }>
  | { readonly kind: 'own'; readonly rule: RuleRecord }

interface SignalRecord extends Omit<Signal, 'measures' | 'by'> {
  readonly measures: readonly (readonly [string, MeasureRecord])[]
  readonly by: string | null
}

type MeasureRecord =
  | Exclude<Measure, { readonly kind: 'classes' }>
  | { readonly kind: 'classes'; readonly classes: readonly number[] }

type NumbersRecord = readonly (readonly [string, MetricRecord])[]

interface MetricRecord extends Omit<MetricQuery, 'where'> {
  readonly where: readonly (readonly [string, string])[]
}

/** JSON has no infinity. */
interface RangeRecord {
  readonly min: number
  readonly max: number | null
}

export function ruleImageOf(ruleSet: RuleSet, documents: readonly RuleDocument[]): RuleImage {
  const documentOf = new Map(documents.map(({ file, document }) => [file, document]))
  const { automaton, rules, combined, partition, noise, groups } = ruleSet
  return {
    automaton: automaton.image,
    rules: rules.map((rule) => recordOf(rule, textsOf(documentOf.get(rule.file)))),
    combined: combined.map(({ id, file, parts, levels, explains, confirmedBy, numbers }) => ({
      id,
      file,
      levels,
      explains,
      confirmedBy,
      numbers: numbersRecord(numbers),
      parts: [...parts].map(([name, part]) => [
        name,
        part.kind === 'own' ? { kind: 'own', rule: recordOf(part.rule, '{}') } : part,
      ]),
      texts: textsOf(documentOf.get(file)),
    })),
    partition,
    noise,
    groups,
  }
}

export function ruleSetOf({ automaton, rules, combined, ...rest }: RuleImage): RuleSet {
  return {
    ...rest,
    automaton: new StackAutomaton(automaton),
    rules: rules.map(ruleOf),
    combined: combined.map((record): CombinedRule => {
      const { texts, parts } = record
      const read = lazyTexts(texts, 'cpu')
      return {
        ...record,
        kinds: null,
        isGeneric: false,
        isAround: false,
        callersOutside: null,
        numbers: numbersOf(record.numbers),
        parts: new Map(
          parts.map(([name, part]): [string, Part] => [
            name,
            part.kind === 'own' ? { kind: 'own', rule: ruleOf(part.rule) } : part,
          ]),
        ),
        get texts() {
          return read()
        },
      }
    }),
    overrides: [],
    faults: [],
  }
}

function recordOf(rule: Rule, texts: string): RuleRecord {
  const { id, file, components, explains, confirmedBy, normalAtStart, isGeneric, isAround } = rule
  const { isForAnyClient, versionsText, goVersionsText, callersOutside } = rule
  return {
    id,
    file,
    components,
    explains,
    confirmedBy,
    normalAtStart,
    isGeneric,
    isAround,
    isForAnyClient,
    versionsText,
    goVersionsText,
    callersOutside,
    texts,
    numbers: numbersRecord(rule.numbers),
    kinds: rule.kinds?.source ?? null,
    versions: rangeRecord(rule.versions),
    goVersions: rangeRecord(rule.goVersions),
    signals: rule.signals.map((signal) => ({
      ...signal,
      by: signal.by?.source ?? null,
      measures: [...signal.measures].map(([name, measure]) => [
        name,
        measure.kind === 'classes' ? { ...measure, classes: [...measure.classes] } : measure,
      ]),
    })),
  }
}

function ruleOf(record: RuleRecord): Rule {
  const { kinds, versions, goVersions, signals, texts } = record
  const read = lazyTexts(texts, signals[0].reads)
  return {
    ...record,
    numbers: numbersOf(record.numbers),
    kinds: kinds === null ? null : safeRegex(kinds),
    versions: rangeOf(versions),
    goVersions: rangeOf(goVersions),
    signals: signals.map((signal) => ({
      ...signal,
      by: signal.by === null ? null : safeRegex(signal.by),
      measures: new Map(
        signal.measures.map(([name, measure]): [string, Measure] => [
          name,
          measure.kind === 'classes' ? { ...measure, classes: new Set(measure.classes) } : measure,
        ]),
      ),
    })),
    get texts() {
      return read()
    },
  }
}

function lazyTexts(texts: string, reads: Reads): () => Rule['texts'] {
  let read: Rule['texts'] | null = null
  return () => {
    if (read !== null) return read
    const document: unknown = JSON.parse(texts)
    const top = isMapping(document) ? document : {}
    read = readRuleTexts(new DocumentReader(), top, {
      reads,
      isChecked: true,
      isNumber: () => true,
    })
    return read
  }
}

function textsOf(document: unknown): string {
  const top = isMapping(document) ? document : {}
  return JSON.stringify(Object.fromEntries(TEXT_KEYS.map((key) => [key, top[key]])))
}

function numbersRecord(numbers: Rule['numbers']): NumbersRecord {
  return [...numbers].map(([name, query]) => [name, { ...query, where: [...query.where] }])
}

function numbersOf(record: NumbersRecord): Rule['numbers'] {
  return new Map(record.map(([name, query]) => [name, { ...query, where: new Map(query.where) }]))
}

function rangeRecord(range: VersionRange | null): RangeRecord | null {
  return range === null ? null : { ...range, max: range.max === Infinity ? null : range.max }
}

function rangeOf(record: RangeRecord | null): VersionRange | null {
  return record === null ? null : { min: record.min, max: record.max ?? Infinity }
}
