import { resolveColours } from '../ui/resolve-colours.ts'

/** The variables of `TimeChart.module.css` that are drawn on the canvas, without `--chart-`. */
const NAMES = [
  'text',
  'line',
  'total',
  'restart',
  'version',
  'change',
  'finding',
  'alert',
  'critical',
  'warning',
  'info',
  'quiet',
  'band-before',
  'band-after',
] as const
const LINE_COLOURS = [1, 2, 3, 4, 5, 6, 7, 8] as const

export type ChartColour = (typeof NAMES)[number] | (typeof LINE_COLOURS)[number]

/** The name of the colour of a line; names repeat after the eighth. */
export function lineColour(row: number): ChartColour {
  return LINE_COLOURS[row % LINE_COLOURS.length] ?? 1
}

/** The colours of a chart inside `host`, by their names; for the scheme that is shown where none is named. */
export function readChartColours(
  host: HTMLElement,
  scheme?: 'light',
): (name: ChartColour) => string {
  const colours = resolveColours(host, scheme, (resolve) => {
    const names: readonly ChartColour[] = [...NAMES, ...LINE_COLOURS]
    return new Map(names.map((name) => [name, resolve(`var(--chart-${name})`)]))
  })
  return (name) => colours.get(name) ?? ''
}
