import 'uplot/dist/uPlot.min.css'
import { ActionIcon, useComputedColorScheme } from '@mantine/core'
import { useEffect, useMemo, useRef, useState } from 'react'
import UPlot from 'uplot'
import { fileNameOf, saveFile } from '../pictures/save-file.ts'
import { useTexts } from '../texts/texts-context.ts'
import { zoneNameOf } from '../texts/time-zone.ts'
import { useTimeZone } from '../texts/time-zone-context.ts'
import { DownloadIcon } from '../ui/icons.tsx'
import { type AlignedValues, alignLines, type Chart, type TimeSpan } from './chart.ts'
import { readChartColours } from './chart-colours.ts'
import { ChartLegend } from './ChartLegend.tsx'
import { CHART_HEIGHT_PX, chartOptions, showSpan } from './chart-options.ts'
import classes from './TimeChart.module.css'

export interface TimeChartProps {
  readonly chart: Chart
  /** For those who do not see it. */
  readonly label: string
  /** What is drawn on it with the pointer; without it nothing can be drawn. */
  readonly drawn?: {
    readonly span: TimeSpan | null
    readonly onSpan: (span: TimeSpan) => void
  }
}

/** Values over time, with what happened then; the legend shows the values below the pointer. */
export function TimeChart(props: TimeChartProps) {
  // Colours are read from the page, so that another scheme draws anew.
  return <DrawnChart key={useComputedColorScheme()} {...props} />
}

function DrawnChart({ chart, label, drawn }: TimeChartProps) {
  const { zone } = useTimeZone()
  const place = useRef<HTMLDivElement>(null)
  const values = useMemo(() => alignLines(chart), [chart])
  const [pointed, setPointed] = useState<{ readonly of: AlignedValues; readonly row: number }>()
  const plot = useRef<UPlot>(null)
  const latest = useRef(drawn)
  useEffect(() => {
    latest.current = drawn
  })
  const isDrawable = drawn !== undefined
  const span = drawn?.span ?? null
  useEffect(() => {
    const element = place.current
    if (element === null) return undefined
    const options = chartOptions(element, chart, {
      zoneName: zoneNameOf(zone),
      onSpan: isDrawable ? (next) => latest.current?.onSpan(next) : null,
      onPoint: (row) => setPointed(row === null ? undefined : { of: values, row }),
    })
    const drawing = new UPlot(options, values, element)
    plot.current = drawing
    showSpan(drawing, latest.current?.span ?? null)
    const observer = new ResizeObserver(() =>
      drawing.setSize({ width: element.clientWidth, height: CHART_HEIGHT_PX }),
    )
    observer.observe(element)
    return () => {
      observer.disconnect()
      drawing.destroy()
    }
  }, [chart, values, zone, isDrawable])
  useEffect(() => {
    if (plot.current !== null) showSpan(plot.current, span)
  }, [span])
  return (
    <figure className={classes['figure']}>
      <div ref={place} className={classes['chart']} role="img" aria-label={label} />
      <div className={classes['below']}>
        <ChartLegend
          chart={chart}
          values={values}
          row={pointed?.of === values ? pointed.row : null}
        />
        <SaveChart chart={chart} label={label} host={place} />
      </div>
    </figure>
  )
}

interface SaveChartProps {
  readonly chart: Chart
  readonly label: string
  readonly host: { readonly current: HTMLElement | null }
}

/** Saves the chart as an SVG file in the colours of the light scheme. */
function SaveChart({ chart, label, host }: SaveChartProps) {
  const texts = useTexts()
  const { zone } = useTimeZone()
  const save = async () => {
    const { chartSvg } = await import('./chart-svg.ts')
    if (host.current === null) return
    const colour = readChartColours(host.current, 'light')
    const svg = chartSvg(chart, { title: label, zoneName: zoneNameOf(zone), colour, texts })
    saveFile(new Blob([svg], { type: 'image/svg+xml' }), fileNameOf([document.title], 'svg'))
  }
  return (
    <ActionIcon
      size="sm"
      variant="subtle"
      color="gray"
      aria-label={texts.exportSvg}
      title={texts.exportSvg}
      disabled={chart.lines.length === 0}
      onClick={() => void save()}
    >
      <DownloadIcon />
    </ActionIcon>
  )
}
