import {
  type DocumentPath,
  DocumentReader,
  type Mapping,
  type RuleIssue,
} from './document-reader.ts'
import { parseExpression } from './expression.ts'
import { readSignal } from './parse-signal.ts'
import {
  type NextText,
  READS,
  type Remark,
  type Rule,
  type RuleCase,
  type RuleTexts,
} from './rule.ts'
import type { RuleContext } from './rule-words.ts'
import { readRegex, readText } from './read-text.ts'
import { parseVersionRange } from './version-range.ts'

const LEVELS = ['info', 'warning', 'critical'] as const

const RULE_KEYS = [
  'id',
  'title',
  'meaning',
  'components',
  'versions',
  'goVersions',
  'normalAtStart',
  'reads',
  'where',
  'measures',
  'by',
  'levels',
  'unless',
  'split',
  'also',
  'explains',
  'kinds',
  'remarks',
  'remedy',
  'next',
  'sources',
  'cases',
] as const

/** Reads a rule out of a document. `rule` is `null` when there are issues. */
export function parseRule(
  document: unknown,
  file: string,
  context: RuleContext,
): { readonly rule: Rule | null; readonly issues: readonly RuleIssue[] } {
  const reader = new DocumentReader()
  const top = reader.mapping(document, [], RULE_KEYS)
  const id = reader.text(top['id'], ['id'])
  if (id !== '' && !/^[a-z][\w.-]*\.[\w.-]+$/.test(id)) {
    reader.fail(['id'], `"${id}" must be words with dots between: apiserver.gzip`)
  }
  const signals = [
    readSignal(reader, signalOf(top), [], context),
    ...reader
      .list(top['also'], ['also'])
      .map((item, row) => readSignal(reader, item, ['also', row], context)),
  ]
  const { reads } = signals[0]
  let texts: RuleTexts | null = null
  const readTexts = () => (texts ??= readRuleTexts(reader, top, reads))
  const rule: Rule = {
    id,
    file,
    signals,
    components: reader.texts(top['components'] ?? ['*'], ['components']),
    versions: readVersions(reader, top['versions'], ['versions']),
    goVersions: readVersions(reader, top['goVersions'], ['goVersions']),
    isNormalAtStart: top['normalAtStart'] === true,
    explains: reader.texts(top['explains'], ['explains']),
    kinds: readRegex(reader, top['kinds'], ['kinds'], context),
    get texts() {
      return readTexts()
    },
  }
  if (!context.isChecked) readTexts()
  return { rule: reader.issues.length === 0 ? rule : null, issues: reader.issues }
}

/** The larger part of a rule, and read only when it fires. */
function readRuleTexts(reader: DocumentReader, top: Mapping, reads: RuleCase['reads']): RuleTexts {
  return {
    title: readText(reader, top['title'], ['title']),
    meaning: readText(reader, top['meaning'], ['meaning']),
    remarks: readList(reader, top, 'remarks', readRemark),
    remedy: readList(reader, top, 'remedy', readText),
    next: readList(reader, top, 'next', readNext),
    sources: reader.texts(top['sources'], ['sources']),
    cases: readList(reader, top, 'cases', (reader, value, path) =>
      readCase(reader, value, path, reads),
    ),
  }
}

function signalOf({ reads, where, measures, by, levels, unless, split }: Mapping): Mapping {
  return { reads, where, measures, by, levels, unless, split }
}

function readList<T>(
  reader: DocumentReader,
  top: Mapping,
  key: string,
  read: (reader: DocumentReader, value: unknown, path: DocumentPath) => T,
): readonly T[] {
  return reader.list(top[key], [key]).map((item, row) => read(reader, item, [key, row]))
}

function readVersions(reader: DocumentReader, value: unknown, path: DocumentPath) {
  const text = reader.optionalText(value, path)
  if (text === null) return null
  return parseVersionRange(text) ?? reader.fail(path, `"${text}" must be like ">=1.20 <1.36"`)
}

function readRemark(reader: DocumentReader, value: unknown, path: DocumentPath): Remark {
  const entry = reader.mapping(value, path, ['when', 'en', 'zh'])
  const when = reader.optionalText(entry['when'], [...path, 'when'])
  const condition = () => (when === null ? null : parseExpression(when))
  return {
    when: reader.compiled([...path, 'when'], condition),
    text: readText(reader, { en: entry['en'], zh: entry['zh'] }, path),
  }
}

function readNext(reader: DocumentReader, value: unknown, path: DocumentPath): NextText {
  const entry = reader.mapping(value, path, ['what', 'command', 'metric', 'log'])
  const textAt = (key: string) => reader.optionalText(entry[key], [...path, key])
  const next = {
    what: readText(reader, entry['what'], [...path, 'what']),
    command: textAt('command'),
    metric: textAt('metric'),
    log: textAt('log'),
  }
  const targets = [next.command, next.metric, next.log].filter((target) => target !== null)
  if (targets.length !== 1) reader.fail(path, 'must hold one of command, metric and log')
  return next
}

function readCase(
  reader: DocumentReader,
  value: unknown,
  path: DocumentPath,
  reads: RuleCase['reads'],
): RuleCase {
  const keys = ['name', 'fires', 'silent', 'reads', 'seconds', 'component', 'stacks']
  const entry = reader.mapping(value, path, keys)
  const isSilent = entry['silent'] === true
  if (isSilent === (entry['fires'] !== undefined)) {
    reader.fail(path, 'must say either "fires: LEVEL" or "silent: true"')
  }
  return {
    name: reader.text(entry['name'], [...path, 'name']),
    fires: isSilent ? null : reader.oneOf(entry['fires'], [...path, 'fires'], LEVELS),
    reads: reader.oneOf(entry['reads'] ?? reads, [...path, 'reads'], READS),
    seconds: reader.number(entry['seconds'], [...path, 'seconds'], 10),
    component: reader.optionalText(entry['component'], [...path, 'component']),
    stacks: reader.text(entry['stacks'], [...path, 'stacks']),
  }
}
