import { formatValue } from '../../profile/index.ts'
import type { StoredSize } from '../../store/index.ts'

const TITLES = { files: 'files', full: 'single profiles', hour: 'hours', day: 'days' } as const
const HEAD = ['type', 'form', 'profiles', 'size', 'each', 'a day']

/** A table of what profiles take, and of what those of the last 24 hours come to. */
export function formatSizes(sizes: readonly StoredSize[]): string {
  if (sizes.length === 0) return 'there are no profiles\n'
  const rows = sizes.map(({ type, form, profileCount, sizeBytes, recentCount }) => {
    const each = sizeBytes / Math.max(1, profileCount)
    return [
      type,
      TITLES[form],
      String(profileCount),
      bytesText(sizeBytes),
      bytesText(each),
      bytesText(each * recentCount),
    ]
  })
  const daily = sizes.reduce(
    (sum, { profileCount, sizeBytes, recentCount }) =>
      sum + (sizeBytes / Math.max(1, profileCount)) * recentCount,
    0,
  )
  return `${tableOf([HEAD, ...rows])}a day adds ${bytesText(daily)}\n`
}

function bytesText(bytes: number): string {
  return formatValue(Math.round(bytes), 'bytes')
}

function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) => row.map((cell, column) => padded(cell, column, widths[column] ?? 0)).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('')
}

/** Names are on the left of their column, numbers on the right. */
function padded(cell: string, column: number, width: number): string {
  return column < 2 ? cell.padEnd(width) : cell.padStart(width)
}
