import 'uplot/dist/uPlot.min.css'
import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useMemo, useRef, useState } from 'react'
import UPlot from 'uplot'
import { zoneNameOf } from '../texts/time-zone.ts'
import { useTimeZone } from '../texts/time-zone-context.ts'
import { type AlignedValues, alignLines, type Chart } from './chart.ts'
import { ChartLegend } from './ChartLegend.tsx'
import { CHART_HEIGHT_PX, chartOptions } from './chart-options.ts'
import classes from './TimeChart.module.css'

export interface TimeChartProps {
  readonly chart: Chart
  /** For those who do not see it. */
  readonly label: string
  /** A span was drawn with the pointer. */
  readonly onSpan: (fromMs: number, toMs: number) => void
}

/** Values over time, with what happened then; the legend shows the values below the pointer. */
export function TimeChart(props: TimeChartProps) {
  // Colours are read from the page, so that another scheme draws anew.
  return <DrawnChart key={useComputedColorScheme()} {...props} />
}

function DrawnChart({ chart, label, onSpan }: TimeChartProps) {
  const { zone } = useTimeZone()
  const place = useRef<HTMLDivElement>(null)
  const values = useMemo(() => alignLines(chart), [chart])
  const [pointed, setPointed] = useState<{ readonly of: AlignedValues; readonly row: number }>()
  const latest = useRef(onSpan)
  useEffect(() => {
    latest.current = onSpan
  })
  useEffect(() => {
    const element = place.current
    if (element === null) return undefined
    const options = chartOptions(element, chart, {
      zoneName: zoneNameOf(zone),
      onSpan: (fromMs, toMs) => latest.current(fromMs, toMs),
      onPoint: (row) => setPointed(row === null ? undefined : { of: values, row }),
    })
    const plot = new UPlot(options, values, element)
    const observer = new ResizeObserver(() =>
      plot.setSize({ width: element.clientWidth, height: CHART_HEIGHT_PX }),
    )
    observer.observe(element)
    return () => {
      observer.disconnect()
      plot.destroy()
    }
  }, [chart, values, zone])
  return (
    <figure className={classes['figure']}>
      <div ref={place} className={classes['chart']} role="img" aria-label={label} />
      <ChartLegend
        chart={chart}
        values={values}
        row={pointed?.of === values ? pointed.row : null}
      />
    </figure>
  )
}
