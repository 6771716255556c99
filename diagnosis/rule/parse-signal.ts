import { type DocumentPath, type DocumentReader, isMapping } from './document-reader.ts'
import { type Expression, namesIn, parseExpression } from './expression.ts'
import { isMeasureNumber, isVersionName, METRICS, splitName, TOTAL } from './measure-names.ts'
import { readRegex, readText } from './read-text.ts'
import { GROUP_KINDS, type LevelCondition, type Measure, READS, type Signal } from './rule.ts'
import { type RuleContext, readPredicate } from './rule-words.ts'

const SIGNAL_KEYS = ['reads', 'where', 'measures', 'by', 'levels', 'unless', 'split']
export const LEVELS = ['critical', 'warning', 'info'] as const

export interface SignalContext extends RuleContext {
  /** What conditions may ask for as `metrics.NAME`. */
  readonly metricNames: readonly string[]
}

/** Reads one way of finding what a rule is about. */
export function readSignal(
  reader: DocumentReader,
  value: unknown,
  path: DocumentPath,
  context: SignalContext,
): Signal {
  const document = reader.mapping(value, path, SIGNAL_KEYS)
  const { where } = document
  const named = document['measures'] ?? (where === undefined ? undefined : { match: { where } })
  if (where !== undefined && document['measures'] !== undefined) {
    reader.fail([...path, 'where'], 'where and measures exclude each other')
  }
  const measurePath = (name: string) =>
    where === undefined ? [...path, 'measures', name] : [...path]
  const entries = Object.entries(reader.mapping(named ?? {}, [...path, 'measures'], null))
  if (entries.length === 0) reader.fail(path, 'must hold where or measures')
  const measures = new Map(
    entries.map(([name, item]) => [name, readMeasure(reader, item, measurePath(name), context)]),
  )
  const conditionAt = (text: unknown, at: DocumentPath) =>
    readCondition(reader, text, at, { ...context, measureNames: [...measures.keys()] })
  return {
    measures,
    reads: reader.oneOf(document['reads'], [...path, 'reads'], READS),
    by: readRegex(reader, document['by'], [...path, 'by'], context),
    levels: readLevels(reader, document['levels'], [...path, 'levels'], conditionAt),
    unless:
      document['unless'] === undefined
        ? null
        : conditionAt(document['unless'], [...path, 'unless']),
    split: Object.entries(reader.mapping(document['split'] ?? {}, [...path, 'split'], null)).map(
      ([measure, text]) => {
        const at = [...path, 'split', measure]
        if (!measures.has(measure)) reader.fail(at, `there is no measure "${measure}"`)
        return { measure, text: readText(reader, text, at) }
      },
    ),
  }
}

function readMeasure(
  reader: DocumentReader,
  value: unknown,
  path: DocumentPath,
  context: RuleContext,
): Measure {
  const document = reader.mapping(value, path, ['where', ...GROUP_KINDS, 'classes'])
  if (document['classes'] !== undefined) {
    const rows = classNames(document['classes'], context.words.groups).map((name) => {
      const row = context.classes.get(name)
      if (row === undefined) reader.fail([...path, 'classes'], `there is no class "${name}"`)
      return row ?? 0
    })
    return { kind: 'classes', classes: new Set(rows) }
  }
  const kind = GROUP_KINDS.find((key) => document[key] !== undefined) ?? 'where'
  const at = [...path, kind]
  return { kind, predicate: readPredicate(reader, document[kind], at, context) }
}

/** `[gc.assist]`, or the name of a group. */
function classNames(value: unknown, groups: Readonly<Record<string, readonly string[]>>) {
  if (typeof value === 'string') return Object.hasOwn(groups, value) ? groups[value] : [value]
  return Array.isArray(value) ? value.map(String) : ['']
}

function readLevels(
  reader: DocumentReader,
  value: unknown,
  path: DocumentPath,
  conditionAt: (text: unknown, at: DocumentPath) => Expression | null,
): readonly LevelCondition[] {
  const document = reader.mapping(value ?? {}, path, LEVELS)
  const levels = LEVELS.flatMap((level) => {
    if (!isMapping(document) || document[level] === undefined) return []
    const condition = conditionAt(document[level], [...path, level])
    return condition === null ? [] : [{ level, condition, text: textOf(document[level]) }]
  })
  if (Object.keys(document).length === 0)
    reader.fail(path, 'must hold a condition for info, warning or critical')
  return levels
}

/** YAML reads a condition such as `1` as a number. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim()
  return typeof value === 'number' ? String(value) : ''
}

interface ConditionContext {
  readonly measureNames: readonly string[]
  readonly metricNames: readonly string[]
}

/** Reads a condition and sees to it that all its names mean something. */
export function readCondition(
  reader: DocumentReader,
  value: unknown,
  path: DocumentPath,
  { measureNames, metricNames }: ConditionContext,
): Expression | null {
  const text = textOf(value)
  if (text === '') return reader.fail(path, 'must be a condition')
  const expression = reader.compiled(path, () => parseExpression(text))
  if (expression === null) return null
  for (const name of namesIn(expression)) {
    if (isVersionName(name)) continue
    const { measure, number } = splitName(name, measureNames[0] ?? '')
    if (measure === METRICS) {
      if (metricNames.includes(number)) continue
      return reader.fail(path, `there is no metric with "as: ${number}"`)
    }
    if (!isMeasureNumber(number)) return reader.fail(path, `"${name}" is not a number of a measure`)
    if (!isMeasure(measure, measureNames)) {
      return reader.fail(path, `there is no measure "${measure}"`)
    }
  }
  return expression
}

function isMeasure(name: string, measures: readonly string[]): boolean {
  return name === TOTAL || measures.includes(name)
}

/** Whether a name is a number of a measure that one of the signals takes. */
export function isNumberOf(name: string, signals: readonly Signal[]): boolean {
  return signals.some(({ measures }) => {
    const names = [...measures.keys()]
    const { measure, number } = splitName(name, names[0] ?? '')
    return isMeasureNumber(number) && isMeasure(measure, names)
  })
}
