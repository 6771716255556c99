import type { RealExample } from '../../cli/rules/rules-pages.ts'
import type { Finding, FoldedFinding, Level } from '../../api/index.ts'
import { LEVEL_ORDER } from '../../diagnosis/index.ts'
import type { JudgedCapture, LabelledCapture } from './labelled-captures.ts'

/**
 * For each rule that fires in one of the captures, its largest finding; if it is always folded into another rule's
 * finding, that one.
 */
export function realExamples(judged: readonly JudgedCapture[]): ReadonlyMap<string, RealExample> {
  const examples = new Map<string, RealExample>()
  const found = judged.flatMap(({ capture, findings }) =>
    findings.map((finding) => ({ capture, finding })),
  )
  for (const { capture, finding } of found.toSorted(mostFirst)) {
    if (!examples.has(finding.rule)) examples.set(finding.rule, exampleOf(capture, finding))
  }
  const folded = found.flatMap(({ capture, finding: { rule, also } }) =>
    also.map((finding) => ({ capture, finding, foldedInto: rule })),
  )
  for (const { capture, finding, foldedInto } of folded.toSorted(mostFirst)) {
    if (examples.has(finding.rule)) continue
    examples.set(finding.rule, foldedExampleOf(capture, finding, foldedInto))
  }
  return examples
}

interface Found {
  readonly capture: LabelledCapture
  readonly finding: { readonly level: Level; readonly share: number }
}

function mostFirst(a: Found, b: Found): number {
  return (
    LEVEL_ORDER[b.finding.level] - LEVEL_ORDER[a.finding.level] ||
    b.finding.share - a.finding.share ||
    (a.capture.name < b.capture.name ? -1 : 1)
  )
}

function exampleOf(capture: LabelledCapture, { level, title, evidence }: Finding): RealExample {
  const stack = evidence.find((item) => item.kind === 'stack')
  return {
    ...processOf(capture),
    level,
    title,
    foldedInto: null,
    numbers: evidence.find(({ kind }) => kind === 'numbers')?.text ?? '',
    stack: stack?.stack ?? [],
    inferredCount: stack?.inferred ?? 0,
  }
}

function foldedExampleOf(
  capture: LabelledCapture,
  { level, title }: FoldedFinding,
  foldedInto: string,
): RealExample {
  return {
    ...processOf(capture),
    level,
    title,
    foldedInto,
    numbers: '',
    stack: [],
    inferredCount: 0,
  }
}

function processOf({ component, version, scenario }: LabelledCapture) {
  return { process: `${component} ${version}`, scenario }
}
