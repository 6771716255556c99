import { type DocumentPath, type DocumentReader, type Mapping } from './document-reader.ts'
import { checkRegex, safeRegex } from '../pattern/safe-regex.ts'
import { readMetricTexts } from './read-metrics.ts'
import { ADVICE_KEYS, readScope } from './read-scope.ts'
import { readText } from './read-text.ts'
import {
  type Advice,
  type CaseProfile,
  type NextText,
  READS,
  type RuleCase,
  type RuleTexts,
} from './rule.ts'

const LEVELS = ['info', 'warning', 'critical'] as const

/** Keys of a rule's document that hold its texts. */
export const TEXT_KEYS = [
  'title',
  'meaning',
  'remarks',
  'remedy',
  'next',
  'sources',
  'metrics',
  'groupNames',
  'logs',
  'cases',
] as const

export interface RuleTextsContext {
  /** What the rule's cases are of, unless they say so. */
  readonly reads: CaseProfile['reads']
  /** True where expressions need no check. */
  readonly isChecked: boolean
  /** Whether a name is a number that conditions of the rule can ask for. */
  readonly isNumber: (name: string) => boolean
}

/** The larger part of a rule, and read only when it fires. */
export function readRuleTexts(
  reader: DocumentReader,
  top: Mapping,
  context: RuleTextsContext,
): RuleTexts {
  const { reads, isChecked } = context
  const readAdvice = (reader: DocumentReader, value: unknown, path: DocumentPath) =>
    adviceOf(reader, value, path, context)
  return {
    title: readText(reader, top['title'], ['title']),
    meaning: readText(reader, top['meaning'], ['meaning']),
    remarks: readList(reader, top, 'remarks', readAdvice),
    remedy: readList(reader, top, 'remedy', readAdvice),
    next: readList(reader, top, 'next', (reader, value, path) =>
      readNext(reader, value, path, context),
    ),
    sources: reader.texts(top['sources'], ['sources']),
    metrics: readMetricTexts(reader, top, context),
    logs: readList(reader, top, 'logs', (reader, value, path) => {
      const source = reader.text(value, path)
      if (!isChecked) reader.compiled(path, () => checkRegex(source))
      return safeRegex(source)
    }),
    cases: readList(reader, top, 'cases', (reader, value, path) =>
      readCase(reader, value, path, reads),
    ),
  }
}

function readList<T>(
  reader: DocumentReader,
  top: Mapping,
  key: string,
  read: (reader: DocumentReader, value: unknown, path: DocumentPath) => T,
): readonly T[] {
  return reader.list(top[key], [key]).map((item, row) => read(reader, item, [key, row]))
}

function adviceOf(
  reader: DocumentReader,
  value: unknown,
  path: DocumentPath,
  context: RuleTextsContext,
): Advice {
  const entry = reader.mapping(value, path, [...ADVICE_KEYS, 'onPage', 'en', 'zh'])
  return {
    ...readScope(reader, entry, path, context),
    isOnPage: entry['onPage'] === true,
    text: readText(reader, { en: entry['en'], zh: entry['zh'] }, path),
  }
}

function readNext(
  reader: DocumentReader,
  value: unknown,
  path: DocumentPath,
  context: RuleTextsContext,
): NextText {
  const entry = reader.mapping(value, path, [...ADVICE_KEYS, 'what', 'command', 'metric', 'log'])
  const textAt = (key: string) => reader.optionalText(entry[key], [...path, key])
  const next = {
    ...readScope(reader, entry, path, context),
    what: readText(reader, entry['what'], [...path, 'what']),
    command: textAt('command'),
    metric: textAt('metric'),
    log: textAt('log'),
  }
  const targets = [next.command, next.metric, next.log].filter((target) => target !== null)
  if (targets.length !== 1) reader.fail(path, 'must hold one of command, metric and log')
  return next
}

const PROFILE_KEYS = ['reads', 'seconds', 'component', 'kubernetes', 'stacks', 'earlier']

function readCase(
  reader: DocumentReader,
  value: unknown,
  path: DocumentPath,
  reads: CaseProfile['reads'],
): RuleCase {
  const metricKeys = ['metrics', 'metricsBefore']
  const keys = ['name', 'fires', 'silent', 'profiles', ...metricKeys, ...PROFILE_KEYS]
  const entry = reader.mapping(value, path, keys)
  const isSilent = entry['silent'] === true
  if (isSilent === (entry['fires'] !== undefined)) {
    reader.fail(path, 'must say either "fires: LEVEL" or "silent: true"')
  }
  const profiles = reader
    .list(entry['profiles'], [...path, 'profiles'])
    .map((item, row) => readProfile(reader, item, [...path, 'profiles', row], reads))
  return {
    name: reader.text(entry['name'], [...path, 'name']),
    fires: isSilent ? null : reader.oneOf(entry['fires'], [...path, 'fires'], LEVELS),
    profiles: profiles.length > 0 ? profiles : [profileIn(reader, entry, path, reads)],
    metrics: readMetrics(reader, entry['metrics'], [...path, 'metrics']),
    metricsBefore: readMetrics(reader, entry['metricsBefore'], [...path, 'metricsBefore']),
  }
}

function readMetrics(reader: DocumentReader, value: unknown, path: DocumentPath) {
  const entries = Object.entries(reader.mapping(value ?? {}, path, null))
  return Object.fromEntries(
    entries.map(([name, number]) => [name, reader.number(number, [...path, name], 0)] as const),
  )
}

function readProfile(
  reader: DocumentReader,
  value: unknown,
  path: DocumentPath,
  reads: CaseProfile['reads'],
): CaseProfile {
  return profileIn(reader, reader.mapping(value, path, PROFILE_KEYS), path, reads)
}

function profileIn(
  reader: DocumentReader,
  entry: Mapping,
  path: DocumentPath,
  reads: CaseProfile['reads'],
): CaseProfile {
  return {
    reads: reader.oneOf(entry['reads'] ?? reads, [...path, 'reads'], READS),
    seconds: reader.number(entry['seconds'], [...path, 'seconds'], 10),
    component: reader.optionalText(entry['component'], [...path, 'component']),
    kubernetesVersion: reader.optionalText(entry['kubernetes'], [...path, 'kubernetes']),
    stacks: reader.text(entry['stacks'], [...path, 'stacks']),
    earlier: reader.texts(entry['earlier'], [...path, 'earlier']),
  }
}
