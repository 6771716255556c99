import type { Level } from '../../api/index.ts'
import { DocumentReader, type DocumentPath, type RuleIssue } from './document-reader.ts'

/** What an installation has decided of a rule: that it is silent, or never above a level. */
export interface Override {
  /** The id of a rule, or its family: `apiserver.*`. */
  readonly rule: string
  /** `null`: silent. */
  readonly atMost: Level | null
  readonly reason: string
  /** Globs, as those of rules; empty for all. */
  readonly components: readonly string[]
  /** Captures taken from then on are judged in full again; `null` for never. In nanoseconds since 1970. */
  readonly untilNs: bigint | null
  /** As it was written: `2026-12-31`. */
  readonly untilText: string | null
}

/** The file of a folder of rules that holds its overrides. */
export const OVERRIDES_FILE = 'overrides.yaml'

const LEVELS = ['info', 'warning', 'critical'] as const

/** Whether the override is of the rule: by its id or by its family. */
export function isOverridden(id: string, { rule }: Override): boolean {
  return id === rule || (rule.endsWith('.*') && id.startsWith(rule.slice(0, -1)))
}

/** Reads a list of overrides. */
export function parseOverrides(document: unknown): {
  readonly overrides: readonly Override[]
  readonly issues: readonly RuleIssue[]
} {
  const reader = new DocumentReader()
  const top = reader.mapping(document, [], ['overrides'])
  const overrides = reader.list(top['overrides'], ['overrides']).flatMap((item, row) => {
    const found = readOverride(reader, item, ['overrides', row])
    return found === null ? [] : [found]
  })
  return { overrides, issues: reader.issues }
}

function readOverride(reader: DocumentReader, value: unknown, path: DocumentPath): Override | null {
  const issuesBefore = reader.issues.length
  const keys = ['rule', 'atMost', 'mute', 'reason', 'components', 'until']
  const entry = reader.mapping(value, path, keys)
  const isMuted = entry['mute'] === true
  const hasCap = entry['atMost'] !== undefined
  if (isMuted === hasCap) {
    reader.fail(path, 'must say either "mute: true" or "atMost: LEVEL"')
  }
  const until = reader.optionalText(entry['until'], [...path, 'until'])
  const override: Override = {
    rule: reader.text(entry['rule'], [...path, 'rule']),
    atMost: !hasCap ? null : reader.oneOf(entry['atMost'], [...path, 'atMost'], LEVELS),
    reason: reader.text(entry['reason'], [...path, 'reason']),
    components: reader.texts(entry['components'], [...path, 'components']),
    untilNs: until === null ? null : timeOf(reader, until, [...path, 'until']),
    untilText: until,
  }
  return reader.issues.length === issuesBefore ? override : null
}

function timeOf(reader: DocumentReader, text: string, path: DocumentPath): bigint | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  const [, year, month, day] = match ?? []
  const ms = match === null ? NaN : Date.UTC(Number(year), Number(month) - 1, Number(day))
  if (Number.isNaN(ms)) return reader.fail(path, `"${text}" must be a day: 2026-12-31`)
  return BigInt(ms) * 1_000_000n
}
