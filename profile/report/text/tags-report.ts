import { compareBytes } from '../../columns/byte-order.ts'
import { labelsOf } from '../../filter/filter-labels.ts'
import { percentageLabel, scaledLabel, type WholeNumber } from '../../units/format-value.ts'
import type { Report } from '../open-report.ts'
import { valueFormat } from '../graph/report-header.ts'
import { joinParts, partsOf } from '../../columns/stack-walk.ts'
import { compareSize } from '../graph/trim-graph.ts'
import { NONE } from '../../types.ts'
import { addWhole } from '../../units/whole-number.ts'
import { padRunes, runeCount } from './pad-runes.ts'

/** `-tags`: for each label key its values with what their samples measured. */
export function tagsReport(report: Report): string {
  const { settings, total } = report
  const format = valueFormat(report, settings.unit)
  const share = (value: WholeNumber) => (total > 0 ? ` (${percentageLabel(value, total)})` : '')
  const keys = [...sumTags(report)].sort(([a], [b]) => compareBytes(a, b))
  const blocks = keys.map(([key, tags]) => {
    let sum: WholeNumber = 0
    for (const value of tags.values()) sum = addWhole(sum, value)
    const rows = [...tags].sort(
      ([a, left], [b, right]) => compareSize(right, left) || compareBytes(a, b),
    )
    return alignCells([
      [`${key}:`, ` Total ${format(sum)} of ${format(total)}${share(sum)}`],
      ...rows.map(([text, value]) => [' ', `${format(value)}${share(value)}:`, ` ${text}`]),
      [''],
    ])
  })
  return blocks.join('')
}

function sumTags({ profile, values, labelUnits, settings }: Report) {
  const { samples, labelSets, strings } = profile
  const parts = partsOf(values).map((doubles) => {
    const rows = new Float64Array(labelSets.length)
    for (let sample = 0; sample < samples.length; sample++) {
      rows[samples.labelSet[sample]] += doubles[sample]
    }
    return rows
  })
  const sums = joinParts(parts)
  const isUsed = new Uint8Array(labelSets.length)
  for (const set of samples.labelSet) isUsed[set] = 1
  const keys = new Map<string, Map<string, WholeNumber>>()
  for (let set = 0; set < labelSets.length; set++) {
    if (isUsed[set] === 0) continue
    for (const label of labelsOf(labelSets.labelStart, set)) {
      const key = strings[labelSets.key[label]]
      const text = labelSets.text[label]
      const value =
        text === NONE
          ? scaledLabel(labelSets.number[label], labelUnits.unitOf(key), settings.unit)
          : strings[text]
      const tags = keys.get(key) ?? new Map<string, WholeNumber>()
      keys.set(key, tags.set(value, addWhole(tags.get(value) ?? 0, sums[set])))
    }
  }
  return keys
}

/**
 * Lines of cells under each other, to the right, one space apart; the last cell of a line hangs free. Go's
 * text/tabwriter does it: a column ends where a line has no cell in it that is followed by another.
 */
function alignCells(lines: readonly (readonly string[])[]): string {
  const widths: number[][] = lines.map(() => [])
  for (let column = 0; column < 2; column++) {
    let start = 0
    for (let line = 0; line <= lines.length; line++) {
      if (line < lines.length && lines[line].length > column + 1) continue
      const cells = lines.slice(start, line).map((cellsOfLine) => cellsOfLine[column])
      const width = Math.max(0, ...cells.map((cell) => runeCount(cell) + 1))
      for (let row = start; row < line; row++) widths[row][column] = width
      start = line + 1
    }
  }
  return lines
    .map((cells, line) =>
      cells
        .map((cell, column) =>
          column < cells.length - 1 ? padRunes(cell, widths[line][column]) : cell,
        )
        .join(''),
    )
    .map((line) => `${line}\n`)
    .join('')
}
