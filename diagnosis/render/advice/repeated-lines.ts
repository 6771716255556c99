import type { Finding, Language } from '../../../api/index.ts'
import { withoutPointers } from './pointers.ts'

/**
 * To look for the same log line once is enough: the first finding that has it keeps it. Where no next step is left,
 * remedies point at none.
 */
export function withoutLinesOfOthers(
  findings: readonly Finding[],
  language: Language,
): readonly Finding[] {
  const told = new Set<string>()
  return findings.map((finding) => {
    const next = finding.next.filter(({ log }) => log === undefined || !told.has(log))
    for (const { log } of next) if (log !== undefined) told.add(log)
    if (next.length > 0) return { ...finding, next }
    const remedy = finding.remedy.map((text) => withoutPointers(text, language))
    return { ...finding, next, remedy }
  })
}
