import type { RealExample } from '../cli/rules-pages.ts'
import { LEVEL_ORDER } from '../diagnosis/index.ts'
import type { JudgedCapture } from './labelled-captures.ts'

/** For each rule that fires in one of the captures, what it finds in the one where it does so most. */
export function realExamples(judged: readonly JudgedCapture[]): ReadonlyMap<string, RealExample> {
  const examples = new Map<string, RealExample>()
  const found = judged.flatMap(({ capture, findings }) =>
    findings.map((finding) => ({ capture, finding })),
  )
  found.sort(
    (a, b) =>
      LEVEL_ORDER[b.finding.level] - LEVEL_ORDER[a.finding.level] ||
      b.finding.share - a.finding.share ||
      (a.capture.name < b.capture.name ? -1 : 1),
  )
  for (const { capture, finding } of found) {
    if (examples.has(finding.rule)) continue
    const { component, version, scenario } = capture
    const { level, title, evidence } = finding
    const numbers = evidence.find(({ kind }) => kind === 'numbers')?.text ?? ''
    const stack = evidence.find((item) => item.kind === 'stack')
    examples.set(finding.rule, {
      process: `${component} ${version}`,
      scenario,
      level,
      title,
      numbers,
      stack: stack?.stack ?? [],
      inferredCount: stack?.inferred ?? 0,
    })
  }
  return examples
}
