import { formatTime } from '../format/format-time.ts'
import { useTexts } from '../texts/texts-context.ts'
import { useTimeZone } from '../texts/time-zone-context.ts'
import { asStyle } from '../ui/as-style.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import type { AlignedValues, Chart } from './chart.ts'
import { lineColour } from './chart-colours.ts'
import { formatChartValue } from './format-chart-value.ts'
import classes from './TimeChart.module.css'

interface ChartLegendProps {
  readonly chart: Chart
  readonly values: AlignedValues
  /** The time whose values are shown; `null` for the last ones. */
  readonly row: number | null
}

/** The lines by colour, with their values at one time. */
export function ChartLegend({ chart, values, row }: ChartLegendProps) {
  const texts = useTexts()
  const { zone } = useTimeZone()
  const [times, ...columns] = values
  const shown = row ?? lastRowOf(columns) ?? times.length - 1
  const atSeconds = times[shown]
  if (atSeconds === undefined) return null
  return (
    <figcaption className={`numbers ${classes['legend']}`}>
      <time className="muted">{formatTime(new Date(atSeconds * 1000).toISOString(), zone)}</time>
      {chart.lines.map(({ label, tone }, line) => {
        const value = valueAt(columns[line] ?? [], shown)
        const colour = tone === 'total' ? 'total' : lineColour(line)
        return (
          <span key={label} className={classes['entry']}>
            <span
              className={classes['swatch']}
              style={asStyle({ '--swatch': `var(--chart-${colour})` })}
              aria-hidden="true"
            />
            <UntrustedText text={label} />
            <strong>{value === null ? '–' : formatChartValue(value, chart.unit, texts)}</strong>
          </span>
        )
      })}
    </figcaption>
  )
}

type Column = readonly (number | null | undefined)[]

/** The last row in which a line has a value: there may be captures after it that show none. */
function lastRowOf(columns: readonly Column[]): number | null {
  const rows = columns.map((values) =>
    values.findLastIndex((value) => value !== null && value !== undefined),
  )
  const last = Math.max(-1, ...rows)
  return last < 0 ? null : last
}

/** The value at a time, or the last one before it. */
function valueAt(values: Column, row: number): number | null {
  for (let at = row; at >= 0; at--) {
    const value = values[at]
    if (value !== null && value !== undefined) return value
  }
  return null
}
