import {
  type DocumentPath,
  type DocumentReader,
  isMapping,
  type Mapping,
} from './document-reader.ts'
import { readScope, type ScopeContext } from './read-scope.ts'
import { readText } from './read-text.ts'
import type { MetricQuery, MetricText } from './rule.ts'

const METRIC_KINDS = ['counter', 'gauge', 'change', 'average'] as const
const METRIC_KEYS = [...METRIC_KINDS, 'as', 'en', 'zh', 'by', 'where', 'since', 'second', 'when']

/** A rule's `metrics` as its findings show them: those with a text. The others are for conditions alone. */
export function readMetricTexts(
  reader: DocumentReader,
  top: Mapping,
  context: ScopeContext,
): readonly MetricText[] {
  const groupNames = readGroupNames(reader, top)
  return reader
    .list(top['metrics'], ['metrics'])
    .flatMap((entry, row) =>
      isForConditions(entry)
        ? []
        : [readMetricText(reader, entry, ['metrics', row], { ...context, groupNames })],
    )
}

function readGroupNames(reader: DocumentReader, top: Mapping): MetricQuery['groupNames'] {
  const names = Object.entries(reader.mapping(top['groupNames'] ?? {}, ['groupNames'], null))
  return Object.fromEntries(
    names.map(([group, name]) => [group, reader.text(name, ['groupNames', group])]),
  )
}

function isForConditions(entry: unknown): boolean {
  return isMapping(entry) && entry['as'] !== undefined && !('en' in entry) && !('zh' in entry)
}

function readMetricText(
  reader: DocumentReader,
  value: unknown,
  path: DocumentPath,
  { groupNames, ...context }: ScopeContext & Pick<MetricQuery, 'groupNames'>,
): MetricText {
  const entry = reader.mapping(value, path, METRIC_KEYS)
  return {
    ...readQuery(reader, entry, path, groupNames),
    text: readText(reader, { en: entry['en'], zh: entry['zh'] }, path),
    by: reader.optionalText(entry['by'], [...path, 'by']),
    as: reader.optionalText(entry['as'], [...path, 'as']),
    when: readScope(reader, { when: entry['when'] }, path, context).when,
  }
}

/** Those of a rule's `metrics` that its conditions can ask for, by the name that `as` gives them. */
export function readMetricNumbers(
  reader: DocumentReader,
  top: Mapping,
): ReadonlyMap<string, MetricQuery> {
  const numbers = new Map<string, MetricQuery>()
  const groupNames = readGroupNames(reader, top)
  for (const [row, entry] of reader.list(top['metrics'], ['metrics']).entries()) {
    if (!isMapping(entry) || entry['as'] === undefined) continue
    const path = ['metrics', row]
    reader.mapping(entry, path, METRIC_KEYS)
    const name = reader.text(entry['as'], [...path, 'as'])
    if (!/^[a-z]\w*$/i.test(name)) reader.fail([...path, 'as'], `"${name}" must be a word`)
    if (numbers.has(name)) reader.fail([...path, 'as'], `"${name}" is there twice`)
    numbers.set(name, readQuery(reader, entry, path, groupNames))
  }
  return numbers
}

function readQuery(
  reader: DocumentReader,
  entry: Mapping,
  path: DocumentPath,
  groupNames: MetricQuery['groupNames'],
): MetricQuery {
  const kinds = METRIC_KINDS.filter((kind) => entry[kind] !== undefined)
  if (kinds.length !== 1) reader.fail(path, `must hold one of ${METRIC_KINDS.join(', ')}`)
  const kind = kinds.at(0) ?? 'counter'
  const since = reader.optionalText(entry['since'], [...path, 'since'])
  if (since !== null && since !== 'start') reader.fail([...path, 'since'], 'must be "start"')
  if (since !== null && (kind === 'gauge' || kind === 'change')) {
    reader.fail([...path, 'since'], 'is for a counter or an average')
  }
  if (entry['second'] !== undefined && (kind !== 'counter' || !isForConditions(entry))) {
    reader.fail([...path, 'second'], 'is for a counter of which conditions ask')
  }
  const where = Object.entries(reader.mapping(entry['where'] ?? {}, [...path, 'where'], null))
  return {
    kind,
    name: reader.text(entry[kind], [...path, kind]),
    isTotal: since !== null,
    groupNames,
    second: reader.optionalText(entry['second'], [...path, 'second']),
    where: new Map(
      where.map(([key, text]) => [key, reader.text(text, [...path, 'where', key])] as const),
    ),
  }
}
