import { formatShare, formatValue } from '../../profile/index.ts'
import { formatCompared, formatDifference } from '../format/format-change.ts'
import { headMarkdown, plain, reportMarkdown } from '../findings/report-markdown.ts'
import type { Texts } from '../texts/en.ts'
import type { CompareAnswer, TopAnswer } from '../view-worker/view-messages.ts'
import type { PageSource } from './export-source.ts'

const ROWS_MAX = 15

interface MarkdownOptions {
  readonly url: string
  readonly texts: Texts
}

/** A page for an issue tracker: its findings, then the functions with the largest own values. */
export function pageMarkdown(
  { title, facts, report }: PageSource,
  top: TopAnswer | null,
  { url, texts }: MarkdownOptions,
): string {
  const head =
    report === null ? headMarkdown(title, url) : reportMarkdown(report, { title, url, texts })
  const about = facts.length === 0 ? [] : [plain(facts.join(' · '))]
  const table = top === null ? [] : [topTable(top, texts)]
  return [head.trimEnd(), ...about, ...table].join('\n\n') + '\n'
}

/** A comparison for an issue tracker: its totals, then the functions that changed most. */
export function comparisonMarkdown(
  { title, facts }: PageSource,
  answer: CompareAnswer,
  { url, texts }: MarkdownOptions,
): string {
  if (answer.failure !== null) throw new Error(answer.failure)
  const { diff } = answer
  const format = (value: number) => formatCompared(value, diff, texts)
  const rows = diff.rows
    .filter(({ cum }) => cum.isNoise !== true)
    .slice(0, ROWS_MAX)
    .map(({ name, status, cum }) => [
      formatDifference(cum.difference, format),
      format(cum.before),
      format(cum.after),
      texts.compareStatus[status],
      plain(name),
    ])
  const head = [
    `${texts.cum} ${texts.compareChange}`,
    texts.compareBefore,
    texts.compareAfter,
    texts.compareKind,
    texts.topFunction,
  ]
  return (
    [
      headMarkdown(title, url),
      plain(facts.join(' · ')),
      plain(texts.compareTotal(format(diff.total.before), format(diff.total.after))),
      table(head, rows),
    ]
      .filter((part) => part !== '')
      .join('\n\n') + '\n'
  )
}

function topTable({ rows, totals }: TopAnswer, texts: Texts): string {
  const cells = rows
    .slice(0, ROWS_MAX)
    .map(({ name, flat, flatShare, cum, cumShare }) => [
      formatValue(flat, totals.unit),
      formatShare(flatShare),
      formatValue(cum, totals.unit),
      formatShare(cumShare),
      plain(name),
    ])
  return table([texts.flat, '%', texts.cum, '%', texts.topFunction], cells)
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
