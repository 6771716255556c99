import type { Finding, Report } from '../../api/index.ts'
import { formatShare } from '../../profile/index.ts'
import type { Texts } from '../texts/en.ts'
import { decidingMetric } from './deciding-metric.ts'
import { visibleText } from '../untrusted/visible-text.ts'

interface MarkdownOptions {
  readonly title: string
  /** Of the page. */
  readonly url: string
  readonly texts: Texts
}

/** The findings of a report for an issue tracker: what is wrong, on what evidence, what to do. */
export function reportMarkdown(report: Report, { title, url, texts }: MarkdownOptions): string {
  const findings = report.findings.map((finding) => findingMarkdown(finding, texts))
  const none = report.findings.length === 0 ? [texts.unclearTitle] : []
  return [headMarkdown(title, url), ...none, ...findings].join('\n\n') + '\n'
}

/** The title of a text, and where it comes from. */
export function headMarkdown(title: string, url: string): string {
  return `## ${plain(title)}\n\n<${url}>`
}

function findingMarkdown(finding: Finding, texts: Texts): string {
  const { level, title, share, meaning, remedy, evidence } = finding
  const facts = evidence.filter(({ stack }) => stack === undefined)
  const stack = evidence.find((item) => item.stack !== undefined)?.stack ?? []
  return [
    `### ${level}: ${plain(title)} (${plain(decidingMetric(finding) ?? formatShare(share))})`,
    plain(meaning),
    `**${texts.remedy}**`,
    remedy.map((step, row) => `${row + 1}. ${plain(step)}`).join('\n'),
    `**${texts.evidence}**`,
    facts.map(({ text }) => `- ${plain(text)}`).join('\n'),
    ...(stack.length === 0 ? [] : [fenced(stack)]),
    `${texts.rule} \`${finding.rule}\``,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

/** Names come from outside: what Markdown or HTML would read is escaped, and a line stays one. */
export function plain(text: string): string {
  return visibleText(text.replaceAll('\n', ' ')).replaceAll(/[\\`*_{}[\]<>#|!]/g, String.raw`\$&`)
}

/** A fence is longer than any run of backticks within. */
function fenced(lines: readonly string[]): string {
  const text = lines.map((line) => visibleText(line.replaceAll('\n', ' '))).join('\n')
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}\n${text}\n${fence}`
}
