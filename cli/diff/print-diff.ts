import {
  type Change,
  type DiffRow,
  formatCores,
  formatDurationNs,
  formatValue,
  inferProfileType,
  type Profile,
  type ProfileDiff,
  scaleValue,
} from '../../profile/index.ts'
import type { CommandIo } from '../terminal/command-io.ts'

import { ansi, cleanText, mayColour, plain, type Style } from '../terminal/terminal-text.ts'

export interface DiffInput {
  readonly path: string
  readonly profile: Profile
}

export interface DiffToPrint {
  readonly inputs: readonly DiffInput[]
  readonly diff: ProfileDiff
  readonly sort: 'flat' | 'cum'
  /** Rows in each section. */
  readonly rowsMax: number
}

const SECTIONS: readonly { readonly status: DiffRow['status']; readonly title: string }[] = [
  { status: 'grew', title: 'Grew' },
  { status: 'new', title: 'New' },
  { status: 'shrank', title: 'Shrank' },
  { status: 'gone', title: 'Gone' },
]

/** Prints the changes for a person at a terminal. */
export function printDiff({ inputs, diff, sort, rowsMax }: DiffToPrint, io: CommandIo): void {
  const styles = mayColour(io) ? COLOURS : PLAIN
  const lines = inputs.map((input) => styles.dim(inputLine(input)))
  const { format, unit } = formatFor(diff)
  const { total, rows, notes } = diff
  const { type } = diff.sampleType
  const change = signed(total, format)
  const tail = [unit, `(${[change, relative(total), mark(total)].filter(Boolean).join(', ')})`]
  const totals = `${format(total.before)} → ${format(total.after)}`
  lines.push('', styles.bold(`${type}: ${[totals, ...tail].filter(Boolean).join(' ')}`))
  for (const { status, title } of SECTIONS) {
    const found = rows.filter((row) => row.status === status)
    if (found.length === 0) continue
    const count = found.length > rowsMax ? ` (${rowsMax} of ${found.length})` : ''
    lines.push('', styles.bold(`${title}${count}`))
    const cells = found.slice(0, rowsMax).map((row) => cellsOf(row, sort, format))
    lines.push(...tableLines(cells, sort, unit, styles, status))
  }
  if (rows.length === 0) lines.push('', 'Nothing changed.')
  const dimmed = notes.map(({ text }) => text)
  if (rows.some((row) => row[sort].isNoise === true)) dimmed.push(NOISE)
  if (dimmed.length > 0) lines.push('', ...dimmed.map((text) => styles.dim(text)))
  io.writeOut(`${lines.join('\n')}\n`)
}

const NOISE = '~ may be chance: the profiles have too few samples of it to be sure.'

type Format = (value: number) => string

/** CPU time per second is shown as cores; other values per second as such. */
function formatFor({ sampleType, per }: ProfileDiff): {
  readonly format: Format
  readonly unit: string
} {
  const { type, unit } = sampleType
  if (per === 'second' && type === 'cpu') {
    const format = (value: number) => formatCores(scaleValue(value, unit, 'seconds').value)
    return { format, unit: 'cores' }
  }
  const format = (value: number) => formatValue(value, unit)
  return { format, unit: per === 'second' ? 'a second' : '' }
}

interface RowCells {
  readonly isNoise: boolean
  /** Mark, before, after, change, relative change. */
  readonly cells: readonly string[]
  readonly name: string
}

function cellsOf(row: DiffRow, sort: 'flat' | 'cum', format: Format): RowCells {
  const change = row[sort]
  return {
    isNoise: change.isNoise === true,
    cells: [
      mark(change),
      format(change.before),
      format(change.after),
      signed(change, format),
      relative(change),
    ],
    name: cleanText(row.name),
  }
}

function tableLines(
  rows: readonly RowCells[],
  sort: string,
  unit: string,
  styles: Styles,
  status: DiffRow['status'],
): string[] {
  const header = ['', 'before', 'after', 'change', '']
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map(({ cells }) => (cells[column] ?? '').length)),
  )
  const join = (cells: readonly string[], name: string) =>
    `${cells.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  ')}  ${name}`
  const what = [sort, unit].filter(Boolean).join(', ')
  return [
    styles.dim(join(header, what)),
    ...rows.map(({ cells, name, isNoise }) =>
      (isNoise ? styles.dim : styles.status[status])(join(cells, name)),
    ),
  ]
}

function mark({ isNoise }: Change): string {
  return isNoise === true ? '~' : ''
}

function signed({ difference }: Change, format: Format): string {
  return difference > 0 ? `+${format(difference)}` : format(difference)
}

function relative({ before, after, difference }: Change): string {
  if (before === 0 || after === 0) return ''
  const ratio = after / before
  if (ratio >= 10) return `×${ratio.toFixed(0)}`
  const percent = Math.round((difference / before) * 100)
  return `${percent > 0 ? '+' : ''}${percent}%`
}

function inputLine({ path, profile }: DiffInput): string {
  const durationNs = Number(profile.durationNs)
  const parts = [inferProfileType(profile), durationNs > 0 ? formatDurationNs(durationNs) : '']
  return `${cleanText(path)}: ${parts.filter(Boolean).join(', ')}`
}

interface Styles {
  readonly bold: Style
  readonly dim: Style
  readonly status: Readonly<Record<DiffRow['status'], Style>>
}

const PLAIN: Styles = {
  bold: plain,
  dim: plain,
  status: { grew: plain, new: plain, shrank: plain, gone: plain },
}

const COLOURS: Styles = {
  bold: ansi('1'),
  dim: ansi('2'),
  status: { grew: ansi('31'), new: ansi('31'), shrank: ansi('32'), gone: ansi('32') },
}
