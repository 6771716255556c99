import type { Finding, Language } from '../../api/index.ts'
import { withoutPointers } from './pointers.ts'

/** To look for the same log line once is enough: the first finding that has it keeps it. */
export function withoutLinesOfOthers(
  findings: readonly Finding[],
  language: Language,
): readonly Finding[] {
  const told = new Set<string>()
  return findings.map((finding) => {
    const next = finding.next.filter(({ log }) => log === undefined || !told.has(log))
    for (const { log } of next) if (log !== undefined) told.add(log)
    if (next.length === finding.next.length) return finding
    const remedy = finding.remedy.map((text) => withoutPointers(text, language))
    return { ...finding, next, remedy: next.length > 0 ? finding.remedy : remedy }
  })
}
