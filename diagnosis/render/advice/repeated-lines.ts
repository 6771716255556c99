import type { Finding, Language, NextStep } from '../../../api/index.ts'
import { withoutPointers } from './pointers.ts'

/**
 * To look for the same log line once is enough: the first finding that has it keeps it; of a rule that finds several
 * groups, any step. Where no next step is left, remedies point at none.
 */
export function withoutLinesOfOthers(
  findings: readonly Finding[],
  language: Language,
): readonly Finding[] {
  const told = new Set<string>()
  return findings.map((finding) => {
    const keyOf = ({ log, command, metric }: NextStep) =>
      log ?? `${finding.rule} ${command ?? metric}`
    const next = finding.next.filter((step) => !told.has(keyOf(step)))
    for (const step of next) told.add(keyOf(step))
    if (next.length > 0) return { ...finding, next }
    const remedy = finding.remedy.map((text) => withoutPointers(text, language))
    return { ...finding, next, remedy }
  })
}
