import {
  type DocumentPath,
  DocumentReader,
  type Mapping,
  type RuleIssue,
} from './document-reader.ts'
import { isNumberOf, readCondition, readSignal, type SignalContext } from './parse-signal.ts'
import { readMetricNumbers } from './read-metrics.ts'
import type { Rule, RuleTexts, Signal } from './rule.ts'
import { readRuleTexts, TEXT_KEYS } from './read-rule-texts.ts'
import type { RuleContext } from './rule-words.ts'
import { readRegex } from './read-text.ts'
import { parseVersionRange } from './version-range.ts'

const RULE_KEYS = [
  ...TEXT_KEYS,
  'id',
  'components',
  'versions',
  'goVersions',
  'normalAtStart',
  'generic',
  'around',
  'anyClient',
  'reads',
  'where',
  'measures',
  'by',
  'levels',
  'unless',
  'split',
  'also',
  'explains',
  'confirmedBy',
  'kinds',
  'callers',
]

/** Reads a rule out of a document. `rule` is `null` when there are issues. */
export function parseRule(
  document: unknown,
  file: string,
  context: RuleContext,
): { readonly rule: Rule | null; readonly issues: readonly RuleIssue[] } {
  const reader = new DocumentReader()
  const top = reader.mapping(document, [], RULE_KEYS)
  const id = readId(reader, top)
  const numbers = readMetricNumbers(reader, top)
  const signalContext = { ...context, metricNames: [...numbers.keys()] }
  const signals = [
    readSignal(reader, signalOf(top), [], signalContext),
    ...reader
      .list(top['also'], ['also'])
      .map((item, row) => readSignal(reader, item, ['also', row], signalContext)),
  ]
  const { reads } = signals[0]
  let texts: RuleTexts | null = null
  const readTexts = () =>
    (texts ??= readRuleTexts(reader, top, {
      reads,
      isChecked: context.isChecked,
      isNumber: (name) => isNumberOf(name, signals),
    }))
  const rule: Rule = {
    id,
    file,
    signals,
    numbers,
    components: reader.texts(top['components'] ?? ['*'], ['components']),
    versions: readVersions(reader, top['versions'], ['versions']),
    goVersions: readVersions(reader, top['goVersions'], ['goVersions']),
    versionsText: reader.optionalText(top['versions'], ['versions']),
    goVersionsText: reader.optionalText(top['goVersions'], ['goVersions']),
    normalAtStart: readNormalAtStart(reader, top['normalAtStart'], signals[0], signalContext),
    isGeneric: top['generic'] === true,
    isAround: top['around'] === true,
    isForAnyClient: top['anyClient'] === true,
    explains: reader.texts(top['explains'], ['explains']),
    confirmedBy: reader.texts(top['confirmedBy'], ['confirmedBy']),
    callersOutside: readCallers(reader, top['callers']),
    kinds: readRegex(reader, top['kinds'], ['kinds'], context),
    get texts() {
      return readTexts()
    },
  }
  if (!context.isChecked) readTexts()
  return { rule: reader.issues.length === 0 ? rule : null, issues: reader.issues }
}

export function readId(reader: DocumentReader, top: Mapping): string {
  const id = reader.text(top['id'], ['id'])
  if (id !== '' && !/^[a-z][\w-]*(?:\.[\w-]+)+$/.test(id)) {
    reader.fail(['id'], `"${id}" must be words with dots between: apiserver.gzip`)
  }
  return id
}

function signalOf({ reads, where, measures, by, levels, unless, split }: Mapping): Mapping {
  return { reads, where, measures, by, levels, unless, split }
}

/** `true`, or a condition. */
function readNormalAtStart(
  reader: DocumentReader,
  value: unknown,
  { measures }: Signal,
  context: SignalContext,
): Rule['normalAtStart'] {
  if (value === undefined || typeof value === 'boolean') return value === true
  const measureNames = [...measures.keys()]
  return readCondition(reader, value, ['normalAtStart'], { ...context, measureNames }) ?? true
}

/** `true`, or the paths of libraries. */
function readCallers(reader: DocumentReader, value: unknown): readonly string[] | null {
  if (value === undefined || value === false) return null
  return value === true ? [] : reader.text(value, ['callers']).split(' | ')
}

function readVersions(reader: DocumentReader, value: unknown, path: DocumentPath) {
  const text = reader.optionalText(value, path)
  if (text === null) return null
  return parseVersionRange(text) ?? reader.fail(path, `"${text}" must be like ">=1.20 <1.36"`)
}
