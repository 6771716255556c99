import { type DocumentPath, DocumentReader, isMapping, type RuleIssue } from './document-reader.ts'
import { namesIn, parseExpression } from './expression.ts'
import { isMeasureNumber, isVersionName, METRICS, splitName } from './measure-names.ts'
import { parseRule, readId } from './parse-rule.ts'
import { LEVELS } from './parse-signal.ts'
import { readMetricNumbers } from './read-metrics.ts'
import { readRuleTexts, TEXT_KEYS } from './read-rule-texts.ts'
import { type CombinedRule, type LevelCondition, type Part, READS, type RuleTexts } from './rule.ts'
import type { RuleContext } from './rule-words.ts'

const KEYS = [...TEXT_KEYS, 'id', 'combine', 'levels', 'explains', 'confirmedBy']

/** A part's number beside those of measures: 0 silent, 1 info, 2 warning, 3 critical. */
export const PART_LEVEL = 'level'
/** The whole of a profile of each type, as `cpu.cores` or `inuse_space.value`. */
const TOTALS = new Set(['cpu', 'goroutine', 'inuse_space', 'block'])

export function isCombined(document: unknown): boolean {
  return isMapping(document) && document['combine'] !== undefined
}

/** Reads a rule over other rules. `rule` is `null` when there are issues. */
export function parseCombined(
  document: unknown,
  file: string,
  context: RuleContext,
): { readonly rule: CombinedRule | null; readonly issues: readonly RuleIssue[] } {
  const reader = new DocumentReader()
  const top = reader.mapping(document, [], KEYS)
  const id = readId(reader, top)
  const parts = readParts(reader, top['combine'], { ...context, id, file })
  let texts: RuleTexts | null = null
  const readTexts = () =>
    (texts ??= readRuleTexts(reader, top, {
      reads: 'cpu',
      isChecked: context.isChecked,
      isNumber: (name) => isKnown(name, new Set(parts.keys())),
    }))
  const rule: CombinedRule = {
    id,
    file,
    parts,
    levels: readLevels(reader, top['levels'], new Set(parts.keys())),
    explains: reader.texts(top['explains'], ['explains']),
    confirmedBy: reader.texts(top['confirmedBy'], ['confirmedBy']),
    isGeneric: false,
    isAround: false,
    numbers: readMetricNumbers(reader, top),
    kinds: null,
    callersOutside: null,
    get texts() {
      return readTexts()
    },
  }
  if (!context.isChecked) readTexts()
  return { rule: reader.issues.length === 0 ? rule : null, issues: reader.issues }
}

interface PartContext extends RuleContext {
  readonly id: string
  readonly file: string
}

function readParts(
  reader: DocumentReader,
  value: unknown,
  context: PartContext,
): ReadonlyMap<string, Part> {
  const entries = Object.entries(reader.mapping(value, ['combine'], null))
  if (entries.length === 0) reader.fail(['combine'], 'must hold a part')
  const parts = new Map<string, Part>()
  for (const [name, item] of entries) {
    const path = ['combine', name]
    const part = readPart(reader, item, path, context)
    if (part === null) continue
    if (part.kind === 'through' && !parts.has(part.part)) {
      reader.fail([...path, 'through'], `"${part.part}" is not a part before this one`)
    }
    parts.set(name, part)
  }
  return parts
}

/** The id of a rule, `{rule, within}`, `{reads, through}`, or a signal. */
function readPart(
  reader: DocumentReader,
  value: unknown,
  path: DocumentPath,
  context: PartContext,
): Part | null {
  if (typeof value === 'string') return { kind: 'rule', rule: value, within: null }
  if (!isMapping(value)) return reader.fail(path, 'must be the id of a rule, or a mapping')
  if (value['rule'] !== undefined) {
    const entry = reader.mapping(value, path, ['rule', 'within'])
    return {
      kind: 'rule',
      rule: reader.text(entry['rule'], [...path, 'rule']),
      within: reader.optionalText(entry['within'], [...path, 'within']),
    }
  }
  if (value['through'] !== undefined) {
    const entry = reader.mapping(value, path, ['reads', 'through'])
    return {
      kind: 'through',
      part: reader.text(entry['through'], [...path, 'through']),
      reads: reader.oneOf(entry['reads'], [...path, 'reads'], READS),
    }
  }
  // A signal on its own is judged like a rule that never says anything.
  const document = { id: context.id, levels: { info: 'share >= 0' }, ...value }
  const { rule, issues } = parseRule(document, context.file, { ...context, isChecked: true })
  for (const issue of issues) reader.fail([...path, ...issue.path], issue.message)
  return rule === null ? null : { kind: 'own', rule }
}

function readLevels(
  reader: DocumentReader,
  value: unknown,
  parts: ReadonlySet<string>,
): readonly LevelCondition[] {
  const document = reader.mapping(value, ['levels'], LEVELS)
  return LEVELS.flatMap((level) => {
    const path = ['levels', level]
    if (document[level] === undefined) return []
    const text = reader.text(document[level], path)
    const condition = reader.compiled(path, () => parseExpression(text))
    if (condition === null) return []
    const unknown = namesIn(condition).find((name) => !isKnown(name, parts))
    if (unknown !== undefined) reader.fail(path, `"${unknown}" is not a number of a part`)
    return [{ level, condition, text }]
  })
}

function isKnown(name: string, parts: ReadonlySet<string>): boolean {
  if (isVersionName(name)) return true
  const { measure, number } = splitName(name, '')
  const [part] = measure.split('.')
  if (part === METRICS) return true
  if (TOTALS.has(part)) return isMeasureNumber(number)
  return parts.has(part) && (isMeasureNumber(number) || number === PART_LEVEL)
}
