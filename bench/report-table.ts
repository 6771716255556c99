/** Rows of text cells as a Markdown table; the first row is the head. Numbers stand to the right. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  const lines = rows.map((row, index) => {
    const cells = row.map((cell, column) =>
      index > 0 && isNumber(cell)
        ? cell.padStart(widths[column] ?? 0)
        : cell.padEnd(widths[column] ?? 0),
    )
    return `| ${cells.join(' | ')} |`
  })
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`
  return [lines[0], rule, ...lines.slice(1)].join('\n')
}

export function formatMs(ms: number): string {
  return ms >= 100 ? ms.toFixed(0) : ms.toFixed(1)
}

function isNumber(cell: string): boolean {
  return /^[-\d][\d.,/ ]*( ?[a-zA-Z%]+)?$/.test(cell)
}
