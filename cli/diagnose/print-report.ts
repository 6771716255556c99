import type { Evidence, Finding, GcAccount, Level, NextStep, Report } from '../../api/index.ts'
import { kubernetesProduct } from '../../api/targets/kubernetes-version.ts'
import { formatCount, formatDurationNs, formatShare } from '../../profile/index.ts'
import { wrapAnsi } from 'fast-wrap-ansi'
import type { CommandIo } from '../terminal/command-io.ts'
import { ansi, cleanText, mayColour, plain, type Style } from '../terminal/terminal-text.ts'

const WORDS = {
  en: {
    do: 'Do',
    look: 'Look',
    also: 'The same cause',
    sources: 'Sources',
    rule: 'The rule',
    notes: 'Notes',
    gc: 'Garbage collection',
    paid: 'paid',
    idle: 'on idle processors',
    alloc: 'allocating',
    inferred: 'inferred',
    more: (count: number) => `… ${count} more frames`,
  },
  zh: {
    do: '处理',
    look: '进一步查看',
    also: '同一原因',
    sources: '来源',
    rule: '规则说明',
    notes: '说明',
    gc: '垃圾回收',
    paid: '实际付出',
    idle: '使用空闲处理器',
    alloc: '内存分配',
    inferred: '推断',
    more: (count: number) => `… 另有 ${count} 帧`,
  },
} as const

const BAR_CELLS = 20
const STACK_ROWS_MAX = 10
/** Further findings get a line each. */
const FINDINGS_SHOWN_MAX = 5

interface Styles {
  readonly bold: Style
  readonly dim: Style
  readonly mark: Style
  readonly level: Readonly<Record<Level, Style>>
}

/** Prints a report for a person at a terminal. */
export function printReport(report: Report, io: CommandIo): void {
  const styles = mayColour(io) ? COLOURS : PLAIN
  const words = WORDS[report.language]
  const lines = report.inputs.map((input) => styles.dim(inputLine(input)))
  if (report.findings.length === 0) lines.push('', ...wrap(report.summary?.text ?? ''))
  const shown = report.findings.slice(0, FINDINGS_SHOWN_MAX)
  const rest = report.findings.slice(FINDINGS_SHOWN_MAX)
  for (const finding of shown) lines.push('', ...findingLines(finding, report, styles))
  if (rest.length > 0) lines.push('', ...rest.map((finding) => headLine(finding, styles)))
  if (report.gc !== null) lines.push('', ...gcLines(report.gc, report, styles))
  if (report.notes.length > 0) {
    lines.push('', styles.bold(words.notes))
    lines.push(...report.notes.map(({ text }) => styles.dim(`  - ${cleanText(text)}`)))
  }
  io.writeOut(`${lines.join('\n')}\n`)
}

function inputLine(input: Report['inputs'][number]): string {
  const { path, type, component, kubernetesVersion, goVersion, durationSeconds, samples } = input
  const parts = [
    type,
    component,
    kubernetesVersion === null ? null : kubernetesText(component, kubernetesVersion),
    goVersion === null ? null : `Go ${goVersion}`,
    durationSeconds === null ? null : formatDurationNs(durationSeconds * 1e9),
    `${formatCount(samples)} samples`,
  ]
  return `${cleanText(path)}: ${parts.filter((part) => part !== null).join(', ')}`
}

function kubernetesText(component: string | null, kubernetesVersion: string): string {
  const { product, version } = kubernetesProduct(component, kubernetesVersion)
  return `${product} ${version}`
}

function findingLines(finding: Finding, report: Report, styles: Styles): readonly string[] {
  const words = WORDS[report.language]
  const style = styles.level[finding.level]
  const [first] = finding.evidence
  const numbers = first?.kind === 'numbers' ? first : null
  const lines = [
    headLine(finding, styles),
    ...(numbers === null ? [] : [`  ${style(bar(finding.share))} ${numbers.text}`]),
    ...wrap(finding.meaning).map((line) => `  ${line}`),
  ]
  for (const evidence of finding.evidence) {
    if (evidence === numbers) continue
    // A hint is not worth a screen of stacks; --json has them.
    if (finding.level === 'info' && evidence.kind === 'stack') continue
    lines.push(...evidenceLines(evidence, report, styles))
  }
  // What the rule says of another profile of the process stands in its evidence.
  const others = finding.also.filter(({ rule }) => rule !== finding.rule)
  if (others.length > 0) {
    const also = new Set(others.map(({ rule }) => rule))
    lines.push(...wrap(`${words.also}: ${[...also].join(', ')}`).map((line) => `  ${line}`))
  }
  lines.push(...actionLines(finding, report, styles))
  return lines
}

function headLine({ level, title, rule, group }: Finding, styles: Styles): string {
  const name = group === null ? rule : `${rule}[${group}]`
  const word = styles.level[level](level.toUpperCase())
  return `${word}  ${styles.bold(cleanText(title))}  ${styles.dim(cleanText(name))}`
}

function actionLines(
  { rule, remedy, next, sources }: Finding,
  report: Report,
  styles: Styles,
): readonly string[] {
  const words = WORDS[report.language]
  const ruleLine = styles.dim(`  ${words.rule}: kubeprof rules explain ${cleanText(rule)}`)
  const steps = remedy.flatMap((step, index) =>
    wrap(step).map((line, row) => `  ${row === 0 ? `${index + 1}. ` : '   '}${line}`),
  )
  return [
    `  ${styles.bold(words.do)}`,
    ...steps.map((line) => `  ${line}`),
    ...(next.length > 0 ? [`  ${styles.bold(words.look)}`] : []),
    ...next.flatMap((step) => nextLines(step, styles)),
    styles.dim(`  ${words.sources}: ${sources.join(' · ')}`),
    ruleLine,
  ]
}

function nextLines({ what, command, metric, log }: NextStep, styles: Styles): readonly string[] {
  return [`    ${what}`, `      ${styles.mark(command ?? metric ?? log ?? '')}`]
}

function evidenceLines(evidence: Evidence, report: Report, styles: Styles): readonly string[] {
  if (evidence.stack === undefined) return wrap(evidence.text).map((line) => `  ${line}`)
  const words = WORDS[report.language]
  const { stack, matched = [], inferred = 0 } = evidence
  // The match and the frames below it say most; the many filters above it say little.
  const end = Math.min(stack.length, (matched.at(-1) ?? 0) + STACK_ROWS_MAX)
  const start = Math.max(0, end - STACK_ROWS_MAX)
  const rows = stack.slice(start, end).map((name, index) => {
    const row = start + index
    const isMatched = matched.includes(row)
    const text = `    ${isMatched ? '▶' : ' '} ${cleanText(name)}`
    const tail = row < inferred ? ` (${words.inferred})` : ''
    return isMatched ? styles.mark(text + tail) : styles.dim(text + tail)
  })
  const above = start > 0 ? [styles.dim(`      ${words.more(start)}`)] : []
  return [`  ${evidence.text}`, ...above, ...rows]
}

function gcLines(gc: GcAccount, report: Report, styles: Styles): readonly string[] {
  const words = WORDS[report.language]
  return [
    `${styles.bold(words.gc)}  ${bar(gc.paidShare)} ${words.paid} ${formatShare(gc.paidShare)}, ` +
      `${words.idle} ${formatShare(gc.idleShare)}, ${words.alloc} ${formatShare(gc.allocShare)} ` +
      styles.dim(`(gcBgMarkWorker ${formatShare(gc.naiveShare)})`),
  ]
}

function bar(share: number): string {
  const cells = Math.round(Math.min(1, Math.max(0, share)) * BAR_CELLS)
  return '█'.repeat(cells) + '░'.repeat(BAR_CELLS - cells)
}

const COLUMNS_MAX = 96

/** Lines of at most COLUMNS_MAX columns; a Chinese character takes two, and text breaks without spaces. */
function wrap(text: string): readonly string[] {
  return wrapAnsi(cleanText(text), COLUMNS_MAX, { hard: true }).split('\n')
}

const PLAIN: Styles = {
  bold: plain,
  dim: plain,
  mark: plain,
  level: { info: plain, warning: plain, critical: plain },
}

const COLOURS: Styles = {
  bold: ansi('1'),
  dim: ansi('2'),
  mark: ansi('36'),
  level: { info: ansi('34'), warning: ansi('33'), critical: ansi('1;31') },
}
