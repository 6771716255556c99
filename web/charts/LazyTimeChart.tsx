import { Skeleton } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type { TimeChartProps } from './TimeChart.tsx'

const TimeChart = lazy(async () => {
  const { TimeChart: component } = await import('./TimeChart.tsx')
  return { default: component }
})

/** The height of a chart with a legend of one line. */
const HEIGHT_PX = 244

export function ChartSkeleton() {
  return <Skeleton height={HEIGHT_PX} />
}

/** A chart whose code is loaded when it is first shown. */
export function LazyTimeChart(props: TimeChartProps) {
  return (
    <Suspense fallback={<ChartSkeleton />}>
      <TimeChart {...props} />
    </Suspense>
  )
}
